/* Building the page: elements from text, never from markup. */

import { el, prose } from "./elements.js";

export { el, link, prose } from "./elements.js";

/** Somebody's picture: their initials on a colour of their own. */
export function avatar(name, { desk = false } = {}) {
  if (desk) return el("img", { class: "avatar", src: "/console/static/switchboard.svg", alt: "" });
  const words = name.split(/[\s._-]+/).filter(Boolean);
  const initials = (words[0]?.[0] ?? "?") + (words.length > 1 ? words.at(-1)[0] : "");
  const hue = [...name].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 997, 7) % 8;
  return el("span", { class: `avatar hue-${hue}`, "aria-hidden": "true" }, initials.toUpperCase());
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
