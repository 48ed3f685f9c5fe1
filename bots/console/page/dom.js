/* Building the page: elements from text, never from markup. */

/** An element with attributes; `class`, `on` (events) and `data` are what they sound like. */
export function el(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) set(node, key, value);
  node.append(...children.flat().filter((child) => child || child === 0));
  return node;
}

function set(node, key, value) {
  if (value === undefined || value === null || value === false) return;
  if (key === "on") for (const [event, call] of Object.entries(value)) node.addEventListener(event, call);
  else if (key === "data") Object.assign(node.dataset, value);
  else node.setAttribute(key, value === true ? "" : value);
}

/** Somebody's picture: their initials on a colour of their own. */
export function avatar(name, { desk = false } = {}) {
  if (desk) return el("img", { class: "avatar", src: "/console/static/switchboard.svg", alt: "" });
  const words = name.split(/[\s._-]+/).filter(Boolean);
  const initials = (words[0]?.[0] ?? "?") + (words.length > 1 ? words.at(-1)[0] : "");
  const hue = [...name].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 997, 7) % 8;
  return el("span", { class: `avatar hue-${hue}`, "aria-hidden": "true" }, initials.toUpperCase());
}

const LINK = /\bhttps?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]]/g;

/** Plain text as people wrote it; addresses of web pages can be followed. */
export function prose(text) {
  const parts = [];
  let end = 0;
  for (const found of text.matchAll(LINK)) {
    parts.push(text.slice(end, found.index), link(found[0], found[0]));
    end = found.index + found[0].length;
  }
  return [...parts, text.slice(end)].filter(Boolean);
}

/** A link that leaves the page; anything but http(s) stays text. */
export function link(address, ...shown) {
  let url = null;
  try {
    url = new URL(address);
  } catch {
    return el("span", {}, ...shown);
  }
  if (!["http:", "https:"].includes(url.protocol)) return el("span", {}, ...shown);
  return el("a", { href: url.href, target: "_blank", rel: "noopener noreferrer" }, ...shown);
}

const LONG = 1200;
const MANY_LINES = 18;

/** A paragraph of plain text; a long one is folded until somebody wants all of it. */
export function words(text, className) {
  const shown = el("p", { class: `words ${className ?? ""}`.trim(), dir: "auto" }, prose(text));
  if (text.length <= LONG && text.split("\n", MANY_LINES + 1).length <= MANY_LINES) return shown;
  shown.classList.add("folded");
  const more = el("button", { type: "button", class: "more", "aria-expanded": "false" }, "Show all of it");
  more.addEventListener("click", () => {
    const folded = shown.classList.toggle("folded");
    more.setAttribute("aria-expanded", String(!folded));
    more.textContent = folded ? "Show all of it" : "Show less";
  });
  return el("div", { class: "long" }, shown, more);
}

const CLOCK = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });

/** The time of day of a moment. */
export function time(at) {
  const moment = new Date(at);
  return el("time", { datetime: at, title: moment.toLocaleString() }, CLOCK.format(moment));
}

/** The day of a moment, in words. */
export function day(at) {
  const moment = new Date(at);
  const age = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(at).setHours(0, 0, 0, 0)) / 864e5);
  return age === 0 ? "Today" : age === 1 ? "Yesterday" : DAY.format(moment);
}
