/* A card of the desk, as elements. */

import { el, words } from "./dom.js";
import { markdown } from "./markdown.js";

/** Everything a card says. `press(button, node)` is called when one of its buttons is pressed. */
export function card(said, press) {
  const node = el(
    "div",
    { class: "card" },
    said.title && el("p", { class: "card-title", dir: "auto" }, said.title),
    said.text && words(said.text),
    said.quote && !repeats(said) && el("blockquote", { class: "quote" }, words(said.quote)),
    said.fields && fields(said.fields),
    said.excerpts?.map(excerpt),
    said.buttons && buttons(said.buttons, press),
    said.footnote && el("p", { class: "footnote", dir: "auto" }, said.footnote),
  );
  return node;
}

/** A short question is its own subject; once is enough. */
function repeats({ quote, text, title }) {
  return text === quote.trim() || (title ?? "").endsWith(quote.trim());
}

function fields(list) {
  return el(
    "dl",
    { class: "fields" },
    list.map(({ label, value }) =>
      el("div", { data: { field: label.toLowerCase(), value } }, el("dt", {}, label), el("dd", { dir: "auto" }, value)),
    ),
  );
}

function excerpt({ title, body }) {
  return el(
    "article",
    { class: "excerpt", dir: "auto" },
    el("h3", {}, title),
    el("div", { class: "markdown" }, markdown(body)),
  );
}

/** A row of buttons. */
export function buttons(list, press) {
  const row = el("div", { class: "buttons" });
  for (const each of list) {
    const button = el("button", { type: "button", class: each.tone ?? "plain", data: { action: each.action } }, each.label);
    button.addEventListener("click", () => once(row, () => press(each, button)));
    row.append(button);
  }
  return row;
}

/** While one button of a row is at work, none of them can be pressed. */
async function once(row, work) {
  if (row.getAttribute("aria-busy") === "true") return;
  row.setAttribute("aria-busy", "true");
  try {
    await work();
  } finally {
    row.removeAttribute("aria-busy");
  }
}

/** An answer that only the person who asked sees, until they put it away. */
export function aside(note, { press, dismiss }) {
  const heading = note.refused ? "Not done" : "Only visible to you";
  const away = el("button", { type: "button", class: "dismiss", "aria-label": "Dismiss", on: { click: dismiss } }, "×");
  return el(
    "div",
    { class: `aside${note.refused ? " refused" : ""}`, role: note.refused ? "alert" : "status" },
    el("header", {}, el("span", { class: "badge" }, heading), note.typed && el("code", {}, note.typed), away),
    card(note.card, press),
  );
}
