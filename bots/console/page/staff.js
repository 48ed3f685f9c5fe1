/* The staff channel: a card for each ticket, kept up to date, and what was said beneath it. */

import { aside, buttons, card } from "./cards.js";
import { avatar, day, el, time, words } from "./dom.js";
import { hanging } from "./files.js";
import { grow } from "./composer.js";
import { keepingTheEnd, show } from "./keyed.js";

const SHOWN = 3;
const unfolded = new Set();

/** Show the room. `press(button, post)` is for its buttons, `write(post, text)` for words beneath. */
export function showStaff(node, room, context) {
  keepingTheEnd(node, () => show(node, entries(room, context)));
}

function entries(room, context) {
  const beneath = Map.groupBy ? Map.groupBy(room.posts, (post) => post.under) : grouped(room.posts);
  const roots = (beneath.get(null) ?? []).filter((post) => post.author === "desk");
  const built = [];
  let last = null;
  for (const root of roots) {
    if (last !== day(root.at)) {
      last = day(root.at);
      const text = last;
      built.push({ key: `day ${text}`, sign: "", build: () => el("p", { class: "day" }, el("span", {}, text)) });
    }
    built.push(ticketEntry(root, beneath.get(root.id) ?? [], room, context));
  }
  built.push(...asidesUnder(null, room, context));
  if (!built.length && room.loaded) return [{ key: "empty", sign: "", build: context.empty }];
  return built;
}

function grouped(posts) {
  const groups = new Map();
  for (const post of posts) groups.set(post.under, [...(groups.get(post.under) ?? []), post]);
  return groups;
}

function ticketEntry(root, lines, room, context) {
  const asides = asidesUnder(root.id, room, context);
  return {
    key: root.id,
    sign: JSON.stringify([root, lines, asides.map((each) => each.key), unfolded.has(root.id)]),
    build: (old) => {
      const node = old ?? ticket(root, context);
      show(node.querySelector(".head"), [headEntry(root, context)]);
      show(node.querySelector(".lines"), [...lineEntries(root, lines, room, context), ...asides]);
      node.classList.toggle("unsent", !root.sent);
      return node;
    },
  };
}

function ticket(root, context) {
  return el(
    "article",
    { class: "ticket", "aria-label": root.card.title || "A message to staff" },
    el("div", { class: "head" }),
    el("div", { class: "lines" }),
    beneath(root, context),
  );
}

function headEntry(root, { press }) {
  return {
    key: "card",
    sign: JSON.stringify(root.card),
    build: () => card(root.card, (button, node) => press(button, root, node)),
  };
}

function lineEntries(root, lines, room, context) {
  const press = (button, node) => context.press(button, root, node);
  const hidden = unfolded.has(root.id) ? 0 : Math.max(lines.length - SHOWN, 0);
  const shown = lines.slice(hidden).map((line) => ({ key: line.id, sign: JSON.stringify([line.card, line.files, line.reactions, line.edited]), build: () => lineNode(line, press) }));
  if (lines.length <= SHOWN) return shown;
  const text = hidden ? `Show ${hidden} earlier` : "Show fewer";
  const toggle = () => {
    if (!unfolded.delete(root.id)) unfolded.add(root.id);
    context.again();
  };
  const fold = () => el("button", { type: "button", class: "more", "aria-expanded": String(!hidden), on: { click: toggle } }, text);
  return [{ key: "fold", sign: text, build: fold }, ...shown];
}

function lineNode(line, press) {
  const own = line.author !== "desk";
  const title = own ? line.name : line.card.title;
  return el(
    "div",
    { class: `line${own ? " note" : ""}` },
    own ? avatar(line.name) : null,
    el(
      "div",
      {},
      title && el("p", { class: "meta" }, el("b", { dir: "auto" }, title), own && el("span", { class: "badge" }, "internal"), time(line.at)),
      line.card.text && words(line.card.text),
      line.card.quote && words(line.card.quote),
      hanging(line),
      line.card.footnote && el("p", { class: "footnote" }, line.card.footnote),
      line.card.buttons && buttons(line.card.buttons, press),
    ),
  );
}

/** A line to write in, beneath a card; what is written here never reaches the customer. */
function beneath(root, { write }) {
  const label = `Write to colleagues beneath ${root.card.title || "this"}. The customer does not see it.`;
  const text = el("textarea", { rows: 1, placeholder: "Write to colleagues only…", "aria-label": label });
  const form = el("form", { class: "beneath", autocomplete: "off" }, text, el("button", { type: "submit" }, "Note"));
  const send = async () => {
    if (!text.value.trim() || form.getAttribute("aria-busy") === "true") return;
    form.setAttribute("aria-busy", "true");
    const taken = await write(root.id, text.value).finally(() => form.removeAttribute("aria-busy"));
    if (taken) text.value = "";
    grow(text);
  };
  text.addEventListener("input", () => grow(text));
  text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  return form;
}

function asidesUnder(id, room, { press }) {
  return room.asides
    .filter((note) => note.under === id)
    .map((note) => ({
      key: note.id,
      sign: "",
      build: () => aside(note, { dismiss: () => room.dismiss(note.id), press: (button, node) => press(button, null, node) }),
    }));
}
