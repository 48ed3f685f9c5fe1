/* Elements from text, never from markup. */

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
