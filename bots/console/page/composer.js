/* The line one writes in: sends on Enter, recalls what was sent, completes commands. */

import { el } from "./dom.js";
import { Chosen } from "./files.js";

const TALLEST = 180;

/** As tall as what is written in it. */
export function grow(text) {
  text.style.height = "auto";
  text.style.height = `${Math.min(text.scrollHeight, TALLEST)}px`;
}

/**
 * Bring a composer to life. `send(text, files)` says whether it was taken; `commands()` is what this
 * person may type after a slash; `files` whether there can be any.
 */
export function compose(form, { send, commands, files = false }) {
  const text = form.querySelector("textarea");
  const list = new Completion(form, text, commands);
  const memory = new Memory(text);
  const chosen = files ? new Chosen(form, text) : null;
  const submit = async () => {
    const said = text.value;
    if (!(said.trim() || chosen?.list.length) || form.getAttribute("aria-busy") === "true") return;
    form.setAttribute("aria-busy", "true");
    const attached = (await chosen?.read()) ?? [];
    const taken = await send(said, attached).finally(() => form.removeAttribute("aria-busy"));
    if (taken) {
      if (said.trim()) memory.keep(said);
      text.value = "";
      chosen?.clear();
    }
    list.look();
    grow(text);
  };
  text.addEventListener("input", () => {
    list.look();
    grow(text);
  });
  text.addEventListener("focus", () => list.look());
  text.addEventListener("blur", () => setTimeout(() => list.close(), 150));
  text.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (list.key(event) || memory.key(event)) {
      event.preventDefault();
      grow(text);
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      submit();
    }
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
    text.focus();
  });
  return {
    /** Write something there, and send it at once if it is whole. */
    put(words, { now = true } = {}) {
      text.value = words;
      text.focus();
      list.look();
      grow(text);
      if (now) submit();
    },
  };
}

/** The lines that were sent, for the up arrow. */
class Memory {
  constructor(text) {
    this.text = text;
    this.lines = [];
    this.at = 0;
  }

  keep(line) {
    if (this.lines.at(-1) !== line) this.lines.push(line);
    this.at = this.lines.length;
  }

  key(event) {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!step || (this.text.value && this.text.value !== this.lines[this.at])) return false;
    const next = this.at + step;
    if (next < 0 || next > this.lines.length) return false;
    this.at = next;
    this.text.value = this.lines[next] ?? "";
    return true;
  }
}

/** What can be typed after a slash, with its help: a listbox above the line. */
class Completion {
  constructor(form, text, commands) {
    this.text = text;
    this.commands = commands;
    this.offered = [];
    this.chosen = 0;
    this.list = el("ul", { class: "completion", role: "listbox", id: `${text.id}-commands`, "aria-label": "Commands", hidden: true });
    this.hint = el("p", { class: "hint", role: "status", hidden: true });
    form.prepend(this.list, this.hint);
    for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", this.list.id], ["aria-expanded", "false"]])
      text.setAttribute(name, value);
  }

  get open() {
    return !this.list.hidden;
  }

  /** Offer what fits what is typed so far. */
  look() {
    const typed = this.text.value;
    const known = this.commands();
    const whole = known.filter(({ name }) => `${typed.trimEnd()} `.toLowerCase().startsWith(`/${name} `)).sort((a, b) => b.name.length - a.name.length)[0];
    const arguments_ = whole && typed.length > whole.name.length + 1;
    const words = typed.slice(1).toLowerCase();
    const asks = typed.startsWith("/") && !typed.includes("\n") && !arguments_;
    this.offered = asks ? known.filter(({ name }) => fits(name, words)) : [];
    this.chosen = Math.min(this.chosen, Math.max(this.offered.length - 1, 0));
    this.#showHint(arguments_ ? whole : null);
    this.#show();
  }

  close() {
    this.offered = [];
    this.hint.hidden = true;
    this.#show();
  }

  key(event) {
    if (!this.open) return false;
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (step) this.chosen = (this.chosen + step + this.offered.length) % this.offered.length;
    else if (event.key === "Escape") this.offered = [];
    else if ((event.key === "Enter" && !event.shiftKey && !this.#isWhole) || (event.key === "Tab" && !event.shiftKey)) return this.take(this.offered[this.chosen]);
    else return false;
    this.#show();
    return true;
  }

  take(command) {
    this.text.value = `/${command.name} `;
    this.look();
    this.text.focus();
    return true;
  }

  get #isWhole() {
    return this.text.value.trimEnd().slice(1).toLowerCase() === this.offered[this.chosen].name;
  }

  #showHint(command) {
    this.hint.hidden = !command;
    if (command) this.hint.replaceChildren(usage(command), el("span", {}, command.help, " For example: ", el("code", {}, command.example)));
  }

  #show() {
    this.list.hidden = !this.offered.length;
    this.text.setAttribute("aria-expanded", String(this.open));
    this.list.replaceChildren(...this.offered.map((command, at) => this.#option(command, at)));
    const chosen = this.list.children[this.chosen];
    if (chosen) this.text.setAttribute("aria-activedescendant", chosen.id);
    else this.text.removeAttribute("aria-activedescendant");
    if (chosen) this.list.scrollTop = Math.max(0, chosen.offsetTop - this.list.clientHeight / 2);
  }

  #option(command, at) {
    const id = `${this.list.id}-${at}`;
    const option = el("li", { role: "option", id, "aria-selected": String(at === this.chosen) }, usage(command), el("span", {}, command.help));
    option.addEventListener("mousedown", (event) => {
      event.preventDefault();
      this.take(command);
    });
    return option;
  }
}

function usage({ name, usage }) {
  return el("code", {}, el("b", {}, `/${name}`), el("i", {}, usage.slice(name.length + 1)));
}

function fits(name, words) {
  return name.startsWith(words) || (words !== "" && name.split(" ").some((word) => word.startsWith(words)));
}
