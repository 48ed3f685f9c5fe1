/* The widget's parts: the button, and the panel that it opens. */

import { el } from "./elements.js";

const SVG = "http://www.w3.org/2000/svg";

/** Everything there is to see, and nothing that it does. */
export function build(words) {
  const log = el("div", { class: "log", role: "log", "aria-live": "polite", "aria-label": words.conversation, tabindex: "0" });
  const text = el("textarea", { id: "text", rows: 1, placeholder: words.write, maxlength: 20000 });
  const files = el("input", { type: "file", multiple: true, "aria-label": words.attach });
  const chosen = el("p", { class: "soft", role: "status", hidden: true });
  const fault = el("p", { class: "fault", role: "alert" });
  const composer = el(
    "form",
    { class: "composer" },
    fault,
    chosen,
    el(
      "div",
      { class: "line" },
      el("label", { class: "attach", title: words.attach }, files, el("span", { "aria-hidden": "true" }, "📎")),
      el("label", { class: "unseen", for: "text" }, words.write),
      text,
      el("button", { class: "send", type: "submit" }, words.send),
    ),
  );
  const offline = absent(words);
  const close = el("button", { type: "button", "aria-label": words.close }, "×");
  const panel = el("section", { class: "panel", id: "panel", role: "dialog", "aria-label": words.title, hidden: true }, el("header", { class: "top" }, el("h2", {}, words.title), close), offline, log, composer);
  const count = el("span", { class: "count", "aria-hidden": "true", hidden: true });
  const launcher = el("button", { type: "button", class: "launcher", "aria-expanded": "false", "aria-controls": "panel", "aria-label": words.open }, sign(), count);
  return { log, text, files, chosen, fault, composer, offline, close, panel, count, launcher };
}

/** Said when nobody is there: who are you, so that we can answer later? */
function absent(words) {
  const input = (name, type, label) => el("p", {}, el("label", { for: name }, label), el("input", { id: name, name, type, autocomplete: name }));
  return el(
    "form",
    { class: "offline", hidden: true },
    el("p", {}, words.offline),
    input("name", "text", words.name),
    input("email", "email", words.email),
    el("div", { class: "buttons" }, el("button", { type: "submit", class: "primary" }, words.save)),
    el("p", { class: "fault", role: "alert" }),
  );
}

function sign() {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", "M4 5h16v11H9l-5 4z");
  svg.append(path);
  return svg;
}
