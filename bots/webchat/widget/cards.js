/* What stands in the conversation, as elements. */

import { el, prose } from "./elements.js";
import { markdown } from "./markdown.js";
import { file } from "./files.js";

/** One post, theirs or ours. `press(button)` is called when one of its buttons is pressed. */
export function post(said, { desk, words, press }) {
  const own = said.author === "them";
  const who = own ? words.you : said.card.author?.name || words.desk;
  return el(
    "article",
    { class: own ? "post own" : "post", "aria-label": who },
    !own && said.card.author && el("p", { class: "who" }, who),
    own ? el("p", { class: "words", dir: "auto" }, prose(said.card.text ?? "")) : card(said.card, press),
    said.files.map((each) => file(each, desk, words)),
    said.reactions.length > 0 && el("p", { class: "soft" }, said.reactions.join(" ")),
    el("p", { class: "soft" }, el("time", { datetime: said.at }, new Date(said.at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" }))),
  );
}

/** A card of the desk. What people and articles say in it is Markdown, the rest is plain. */
export function card(said, press) {
  const title = said.title && said.title !== said.author?.name;
  return el(
    "div",
    { class: "card", dir: "auto" },
    title && el("p", { class: "title" }, said.title),
    said.text && (said.author ? el("div", { class: "markdown" }, markdown(said.text)) : el("p", { class: "words" }, prose(said.text))),
    said.quote && el("blockquote", {}, markdown(said.quote)),
    said.fields && el("dl", {}, said.fields.map(({ label, value }) => el("div", {}, el("dt", {}, label), el("dd", {}, value)))),
    said.excerpts?.map(({ title: name, body }) => el("div", { class: "excerpt markdown" }, el("p", { class: "title" }, name), markdown(body))),
    said.buttons && buttons(said.buttons, press),
    said.footnote && el("p", { class: "soft" }, said.footnote),
  );
}

function buttons(list, press) {
  const row = el("div", { class: "buttons" });
  for (const each of list) {
    const button = el("button", { type: "button", class: each.tone ?? "plain" }, each.label);
    button.addEventListener("click", async () => {
      if (row.getAttribute("aria-busy") === "true") return;
      row.setAttribute("aria-busy", "true");
      await press(each);
      row.removeAttribute("aria-busy");
    });
    row.append(button);
  }
  return row;
}
