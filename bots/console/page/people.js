/* Choosing who one is: a button that opens a list, with a line to type any other name. */

import { avatar, el } from "./dom.js";

const HANDLE = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,39}$/;

/** Whether somebody can be called that: the staff channel has a name of its own. */
export const isHandle = (text) => HANDLE.test(text) && text.toLowerCase() !== "staff";

/**
 * A picker in `node`. `current()` is `{handle, name, about, state}`, `options()` the people to
 * choose from in the same shape, `choose(handle)` is told who it is now.
 */
export function picker(node, { label, role, current, options, choose }) {
  const name = el("b", { dir: "auto" });
  const about = el("small");
  const face = el("span", { class: "face" });
  const panel = el("div", { class: "panel", id: `${node.id}-panel`, hidden: true });
  const button = el(
    "button",
    { type: "button", class: "picker", "aria-expanded": "false", "aria-controls": panel.id },
    face,
    el("span", { class: "names" }, el("span", { class: "unseen" }, `${label}: `), name, about),
    el("span", { class: "chevron", "aria-hidden": "true" }),
  );
  node.append(button, el("span", { class: "role" }, role), panel);

  const close = ({ focus = false } = {}) => {
    panel.hidden = true;
    button.setAttribute("aria-expanded", "false");
    if (focus) button.focus();
  };
  const pick = (handle) => {
    close({ focus: true });
    choose(handle);
  };
  const open = () => {
    panel.replaceChildren(...people(options(), current().handle, pick), another(label, node.id, pick));
    panel.hidden = false;
    button.setAttribute("aria-expanded", "true");
    panel.querySelector("[aria-pressed=true], button, input")?.focus();
  };
  button.addEventListener("click", () => (panel.hidden ? open() : close()));
  node.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !panel.hidden) close({ focus: true });
    else if (!panel.hidden) move(panel, event);
  });
  document.addEventListener("mousedown", (event) => !node.contains(event.target) && close());
  node.addEventListener("focusout", (event) => event.relatedTarget && !node.contains(event.relatedTarget) && close());

  return function show() {
    const who = current();
    face.replaceChildren(avatar(who.name));
    name.textContent = who.name;
    about.replaceChildren(...who.about);
  };
}

function move(panel, event) {
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (!step) return;
  const stops = [...panel.querySelectorAll("button.person, input")];
  const at = stops.indexOf(document.activeElement);
  event.preventDefault();
  stops[(at + step + stops.length) % stops.length].focus();
}

function people(list, current, pick) {
  if (!list.length) return [];
  return [
    el(
      "ul",
      {},
      list.map((each) =>
        el(
          "li",
          {},
          el(
            "button",
            { type: "button", class: "person", "aria-pressed": String(each.handle === current), on: { click: () => pick(each.handle) } },
            avatar(each.name),
            el("span", { class: "names" }, el("b", { dir: "auto" }, each.name), el("small", {}, ...each.about)),
          ),
        ),
      ),
    ),
  ];
}

function another(label, id, pick) {
  const input = el("input", { id: `${id}-other`, type: "text", maxlength: 41, placeholder: "any-name", autocapitalize: "none", spellcheck: "false" });
  const fault = el("p", { class: "fault", role: "alert" });
  const form = el(
    "form",
    { autocomplete: "off" },
    el("label", { for: input.id }, "Somebody else"),
    el("span", { class: "row" }, input, el("button", { type: "submit" }, "Be them")),
    fault,
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const handle = input.value.trim().replace(/^@/, "");
    if (isHandle(handle)) pick(handle);
    else fault.textContent = "Use 1 to 40 letters, digits, dots or dashes.";
  });
  return form;
}
