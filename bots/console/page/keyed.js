/* Showing a list in place: what did not change keeps its element, its focus and its scroll. */

/**
 * Make `parent` show `entries`, each `{key, sign, build(old)}`. An entry whose `sign` is as it was
 * keeps its element; `build` may also return the old element after bringing it up to date.
 */
export function show(parent, entries) {
  const old = parent.shown ?? new Map();
  const shown = new Map();
  const wanted = new Set(entries.map((entry) => entry.key));
  for (const [key, { node }] of old) if (!wanted.has(key)) node.remove();
  let before = parent.firstChild;
  for (const entry of entries) {
    const known = old.get(entry.key);
    const inPlace = known && known.node === before;
    const node = known?.sign === entry.sign ? known.node : built(entry, known, old.size > 0);
    shown.set(entry.key, { node, sign: entry.sign });
    if (inPlace) before = node;
    if (node === before) before = before.nextSibling;
    else parent.insertBefore(node, before);
  }
  parent.shown = shown;
}

function built(entry, known, later) {
  const node = entry.build(known?.node);
  if (!known && later) node.classList.add("fresh");
  if (!known || node === known.node) return node;
  const focused = known.node.contains(document.activeElement) && document.activeElement;
  known.node.replaceWith(node);
  if (focused) focusWithin(node, focused);
  return node;
}

/** The focus goes to what it was on before, so that nobody presses what they did not choose. */
function focusWithin(node, before) {
  const same = [...node.querySelectorAll(before.tagName)].find((each) => each.textContent === before.textContent);
  const next = same ?? node.querySelector("button, [tabindex]");
  if (next) return next.focus({ preventScroll: true });
  node.setAttribute("tabindex", "-1");
  return node.focus({ preventScroll: true });
}

const NEAR = 120;
const away = new WeakSet();

/** From now on, who is at the end of a room stays there, whatever its height becomes. */
export function stayAtTheEnd(room) {
  room.addEventListener("scroll", () => {
    if (!room.clientHeight) return;
    if (room.scrollHeight - room.scrollTop - room.clientHeight < NEAR) away.delete(room);
    else away.add(room);
  });
  new ResizeObserver(() => away.has(room) || toTheEnd(room)).observe(room);
}

/** Do something that may make a room longer; who was at its end stays at its end. */
export function keepingTheEnd(room, work) {
  work();
  if (!away.has(room)) toTheEnd(room);
}

export function toTheEnd(room) {
  away.delete(room);
  room.scrollTop = room.scrollHeight;
}
