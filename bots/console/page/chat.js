/* A conversation between one person and the desk, as a chat. */

import { aside, card } from "./cards.js";
import { avatar, day, el, time } from "./dom.js";
import { hanging } from "./files.js";
import { keepingTheEnd, show } from "./keyed.js";

const TOGETHER = 5 * 60 * 1000;

/**
 * Show a room as a chat. `person` is `{handle, name}`, `empty()` what is shown while nothing was
 * said, `press(button, post)` what a button does, `answer(post)`, if there is one, answers a post of a
 * branch.
 */
export function showChat(node, room, { person, empty, press, answer }) {
  keepingTheEnd(node, () => show(node, entries(room, { person, empty, press, answer })));
}

function entries(room, context) {
  const said = [...room.posts.map(asPost), ...room.asides.map(asAside)];
  said.sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : one.rank - other.rank));
  if (!said.length) return room.loaded ? [{ key: "empty", sign: JSON.stringify(context.person), build: context.empty }] : [];
  const built = [];
  let last = null;
  for (const each of said) {
    if (!last || day(last.at) !== day(each.at)) {
      built.push({ key: `day ${day(each.at)}`, sign: "", build: () => divider(day(each.at)) });
      last = null;
    }
    built.push(each.post ? postEntry(each.post, last, context) : asideEntry(each.note, room, context));
    last = each;
  }
  return built;
}

const asPost = (post) => ({ at: post.at, rank: 0, author: post.author, post });
const asAside = (note) => ({ at: note.at, rank: 1, author: "aside", note });

function divider(text) {
  return el("p", { class: "day" }, el("span", {}, text));
}

function postEntry(post, last, context) {
  const together = last?.author === post.author && new Date(post.at) - new Date(last.at) < TOGETHER;
  return {
    key: post.id,
    sign: JSON.stringify([post.card, post.sent, post.files, post.reactions, post.edited, post.branch, together, context.person]),
    build: () => message(post, together, context),
  };
}

function message(post, together, { person, press, answer }) {
  const desk = post.author === "desk";
  const name = desk ? "Support desk" : post.name || person.name;
  const about = el("p", { class: "meta" }, el("b", { dir: "auto" }, name), desk && el("span", { class: "bot" }, "bot"), post.branch > 0 && el("span", { class: "branch" }, `↳ #${post.branch}`), time(post.at));
  const toAnswer = desk && post.branch > 0 && answer && post.sent;
  const classes = ["post", desk ? "theirs" : "own", together && "together", !post.sent && "waiting"];
  return el(
    "article",
    { class: classes.filter(Boolean).join(" "), "aria-label": `${name}${post.sent ? "" : ", being sent"}` },
    avatar(name, { desk }),
    el("div", { class: "said" }, about, card(post.card, (button, node) => press(button, post, node)), hanging(post), toAnswer && el("button", { type: "button", class: "answer", on: { click: () => answer(post) } }, `↩ Answer #${post.branch}`)),
  );
}

function asideEntry(note, room, { press }) {
  const dismiss = () => room.dismiss(note.id);
  return {
    key: note.id,
    sign: "",
    build: () => aside(note, { dismiss, press: (button, node) => press(button, null, node) }),
  };
}
