// Keys, dialogs, and completion on the staff pages. Words of people are only ever text here.

const TYPING = "input:not([type=checkbox]), textarea, select, [contenteditable]";
const KEYS = [
  ["j  k", "next, previous ticket"],
  ["Enter", "open it"],
  ["x", "mark it"],
  ["c", "claim it"],
  ["r", "reply"],
  ["n", "note for colleagues"],
  ["e", "resolve"],
  ["t", "tags"],
  ["Ctrl Enter", "send what you wrote"],
  ["/", "filter"],
  ["q", "back to the queue"],
  ["Esc", "leave a field, close a dialog"],
  ["?", "these keys"],
];

const rows = () => [...document.querySelectorAll("[data-rows] > tr")];
const current = () => document.activeElement?.closest("[data-row]");

function go(step) {
  const all = rows();
  if (!all.length) return;
  const place = all.indexOf(current());
  const next = place < 0 ? 0 : Math.min(Math.max(place + step, 0), all.length - 1);
  const link = all[next].querySelector("[data-open]");
  link.focus();
  all[next].scrollIntoView({ block: "nearest" });
}

function use(target) {
  if (!target || target.offsetParent === null) return;
  if (target.matches("textarea, input:not([type=checkbox])")) target.focus();
  else target.click();
}

function showKeys() {
  const dialog = document.createElement("dialog");
  dialog.className = "dialog";
  dialog.setAttribute("aria-label", "Keys");
  const title = document.createElement("h2");
  title.textContent = "Keys";
  const list = document.createElement("dl");
  for (const [key, what] of KEYS) {
    const term = document.createElement("dt");
    const kbd = document.createElement("kbd");
    kbd.textContent = key;
    term.append(kbd);
    const meaning = document.createElement("dd");
    meaning.textContent = what;
    list.append(term, meaning);
  }
  const close = document.createElement("button");
  close.className = "button";
  close.textContent = "Close";
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  dialog.append(title, list, close);
  document.body.append(dialog);
  dialog.showModal();
}

function pressed(event) {
  const typing = event.target.closest?.(TYPING);
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const form = typing?.closest("[data-form]");
    if (form) {
      event.preventDefault();
      form.requestSubmit();
    }
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (typing) {
    if (event.key === "Escape" && !typing.closest("dialog") && !typing.dataset.open) typing.blur();
    return;
  }
  if (document.querySelector("dialog[open]")) return;
  if (act(event.key)) event.preventDefault();
}

function act(key) {
  if (key === "j" || key === "k") go(key === "j" ? 1 : -1);
  else if (key === "?") showKeys();
  else if (key === "q") location.assign("/desk/");
  else {
    const row = current();
    const within = row?.querySelector(`[data-key="${CSS.escape(key)}"]`);
    const there = within ?? document.querySelector(`:not([data-row] *)[data-key="${CSS.escape(key)}"]`);
    const link = row?.querySelector("[data-open]");
    if (there) use(there);
    else if (link && "rne".includes(key)) location.assign(`${link.href}#${key}`);
    else return false;
  }
  return true;
}

// A ticket opened by r, n or e begins with that.
function begin() {
  const key = location.hash.slice(1);
  if (!["r", "n", "e"].includes(key)) return;
  const until = performance.now() + 10_000;
  (function look() {
    const target = document.querySelector(`[data-key="${key}"]`);
    if (target && window.socket?.connected !== false && document.querySelector("[data-live]")) use(target);
    else if (performance.now() < until) requestAnimationFrame(look);
  })();
  history.replaceState(null, "", location.pathname + location.search);
}

// Dialogs come from the server as elements; the browser makes them modal.
function modals() {
  for (const dialog of document.querySelectorAll("dialog[data-modal]:not([open])")) {
    if (dialog.dataset.shown) continue;
    dialog.dataset.shown = "yes";
    dialog.showModal();
    (dialog.querySelector("input, textarea, select") ?? dialog.querySelector("button"))?.focus();
  }
}

class Completion {
  constructor(field) {
    this.field = field;
    this.words = JSON.parse(field.dataset.words);
    this.list = document.createElement("ul");
    this.list.className = "completion";
    this.list.id = "completion";
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", "Completions");
    this.list.hidden = true;
    field.after(this.list);
    for (const [name, value] of Object.entries({
      role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": "completion",
    })) field.setAttribute(name, value);
    field.addEventListener("input", () => this.offer());
    field.addEventListener("keydown", (event) => this.key(event));
    field.addEventListener("blur", () => setTimeout(() => this.close(), 150));
  }

  get begun() {
    return this.field.value.slice(0, this.field.selectionStart).match(/-?([^\s"]*)$/)[1];
  }

  offer() {
    const begun = this.begun.toLowerCase();
    const fitting = begun ? this.words.filter((each) => each.toLowerCase().startsWith(begun) && each !== begun) : [];
    const shown = begun.includes(":") ? fitting : fitting.filter((each) => each.endsWith(":"));
    this.list.replaceChildren(...shown.slice(0, 8).map((word, place) => {
      const option = document.createElement("li");
      option.textContent = word;
      option.id = `completion-${place}`;
      option.setAttribute("role", "option");
      option.addEventListener("mousedown", (event) => { event.preventDefault(); this.take(word); });
      return option;
    }));
    this.at = -1;
    this.list.hidden = !this.list.children.length;
    this.field.setAttribute("aria-expanded", String(!this.list.hidden));
    this.field.removeAttribute("aria-activedescendant");
    this.field.dataset.open = this.list.hidden ? "" : "yes";
  }

  key(event) {
    if (this.list.hidden) return;
    const options = [...this.list.children];
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      this.at = (this.at + (event.key === "ArrowDown" ? 1 : -1) + options.length) % options.length;
      options.forEach((each, place) => each.setAttribute("aria-selected", String(place === this.at)));
      this.field.setAttribute("aria-activedescendant", options[this.at].id);
    } else if (event.key === "Tab" || (event.key === "Enter" && this.at >= 0)) {
      event.preventDefault();
      this.take(options[Math.max(this.at, 0)].textContent);
    } else if (event.key === "Escape") {
      event.stopPropagation();
      this.close();
    }
  }

  take(word) {
    const caret = this.field.selectionStart;
    const before = this.field.value.slice(0, caret - this.begun.length);
    const after = this.field.value.slice(caret).trimStart();
    const gap = word.endsWith(":") ? "" : " ";
    this.field.value = before + word + gap + after;
    const place = (before + word + gap).length;
    this.field.setSelectionRange(place, place);
    this.field.focus();
    this.offer();
  }

  close() {
    this.list.hidden = true;
    this.field.setAttribute("aria-expanded", "false");
    this.field.dataset.open = "";
  }
}

function grow() {
  modals();
  for (const field of document.querySelectorAll("[data-words]")) {
    if (!field.completion) field.completion = new Completion(field);
  }
}

document.addEventListener("keydown", pressed);
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submits]")) event.target.form?.requestSubmit();
});
document.addEventListener("submit", (event) => {
  if (event.target.matches(".write")) document.activeElement.blur(); // keys are keys again
});
window.addEventListener("desk-keys", showKeys);
new MutationObserver(grow).observe(document.documentElement, { childList: true, subtree: true });
grow();
begin();
