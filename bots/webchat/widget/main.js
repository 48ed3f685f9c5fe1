/* The widget: puts itself on the page, and keeps what it shows as it is on the desk. */

import { el } from "./elements.js";
import { Talk, newId } from "./talk.js";
import { asSent } from "./files.js";
import { card, post } from "./cards.js";
import { ask } from "./ask.js";
import { dress } from "./style.js";
import { build } from "./panel.js";

class Widget {
  constructor(talk, words, open, options) {
    this.talk = talk;
    this.words = words;
    this.open = open;
    this.host = document.createElement("div");
    this.host.dataset.switchboard = "";
    if (options.scheme) this.host.dataset.scheme = options.scheme;
    const root = this.host.attachShadow({ mode: "open" });
    dress(root, options.accent);
    this.parts = build(words);
    root.append(this.parts.panel, this.parts.launcher);
    this.shown = new Map();
    this.chosen = [];
    this.#connect();
    this.#choose([]);
    document.body.append(this.host);
    this.#greet();
    if (talk.isKnown) {
      this.refresh();
      talk.listen(() => this.refresh());
    }
  }

  #connect() {
    const { launcher, close, panel, composer, text, files, offline } = this.parts;
    launcher.addEventListener("click", () => this.toggle(panel.hidden));
    close.addEventListener("click", () => this.toggle(false));
    panel.addEventListener("keydown", (event) => event.key === "Escape" && this.toggle(false));
    composer.addEventListener("submit", (event) => {
      event.preventDefault();
      this.say();
    });
    text.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      composer.requestSubmit();
    });
    text.addEventListener("paste", (event) => this.#choose([...this.chosen, ...(event.clipboardData?.files ?? [])]));
    files.addEventListener("change", () => {
      this.#choose([...this.chosen, ...files.files]);
      files.value = "";
    });
    offline.addEventListener("submit", (event) => {
      event.preventDefault();
      this.introduce(offline);
    });
  }

  toggle(open) {
    const { panel, launcher, text } = this.parts;
    panel.hidden = !open;
    this.host.toggleAttribute("data-open", open);
    launcher.setAttribute("aria-expanded", String(open));
    (open ? text : launcher).focus();
    if (open) {
      this.parts.offline.hidden = this.open || this.talk.kept.introduced || Boolean(this.talk.who.voucher);
      this.#toEnd();
    }
    this.#count();
  }

  /** In place of a conversation: a greeting, or that the last one ended long ago. */
  #greet(over = false) {
    const said = over ? this.words.over : this.words.hello;
    const { log } = this.parts;
    const hello = log.querySelector(".hello") ?? log.appendChild(el("p", { class: "hello" }));
    if (hello.textContent !== said) hello.textContent = said;
  }

  #choose(files) {
    this.chosen = files;
    const drop = el("button", { type: "button", class: "drop", on: { click: () => this.#choose([]) } }, this.words.remove);
    this.parts.chosen.hidden = !files.length;
    this.parts.chosen.replaceChildren(...(files.length ? [`📎 ${files.map(({ name }) => name).join(", ")} `, drop] : []));
  }

  async introduce(form) {
    const fault = form.querySelector(".fault");
    fault.textContent = "";
    try {
      await this.talk.post("introduce", { name: form.elements.name.value, email: form.elements.email.value });
      this.talk.keep({ introduced: true });
      form.hidden = true;
      this.parts.text.focus();
    } catch (refusal) {
      fault.textContent = refusal.message || this.words.lost;
    }
  }

  async say() {
    const { text, composer, fault } = this.parts;
    if (composer.getAttribute("aria-busy") === "true" || (!text.value.trim() && !this.chosen.length)) return;
    composer.setAttribute("aria-busy", "true");
    fault.textContent = "";
    this.pending ??= newId(); // the same until it is taken, so that trying again is harmless
    try {
      const files = await Promise.all(this.chosen.map(asSent));
      await this.talk.post("say", { id: this.pending, text: text.value, files });
      this.pending = null;
      text.value = "";
      this.#choose([]);
      this.talk.listen(() => this.refresh());
      await this.refresh();
    } catch (refusal) {
      fault.textContent = refusal.message || this.words.lost;
    }
    composer.removeAttribute("aria-busy");
  }

  async press(button) {
    try {
      const answer = await this.talk.post("press", { action: button.action, value: button.value });
      if (answer.form) this.#ask(answer.form);
      else this.#tell(answer.card);
    } catch (refusal) {
      this.#tell({ text: refusal.message || this.words.lost });
    }
    await this.refresh();
  }

  #ask(asked) {
    const form = ask(asked, {
      words: this.words,
      cancel: () => form.remove(),
      submit: async (answers) => {
        const answer = await this.talk.post("submit", { action: asked.action, value: asked.value, answers });
        form.remove();
        this.#tell(answer.card);
        await this.refresh();
      },
    });
    this.parts.log.append(form);
    form.querySelector("[name]")?.focus();
    this.#toEnd();
  }

  /** An answer for them alone, which is not kept. */
  #tell(said) {
    this.parts.log.append(el("div", { class: "post" }, card(said, (each) => this.press(each))));
    this.#toEnd();
  }

  /** Show what stands on the desk; what has not changed stays as it is. */
  async refresh() {
    let posts = null;
    let over = false;
    try {
      ({ posts, over } = await this.talk.get("state"));
    } catch (refusal) {
      if (refusal.status === 401) this.talk.keep({ secret: null });
      return;
    }
    const { log } = this.parts;
    const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
    const there = new Set(posts.map(({ id }) => id));
    for (const [id, { node }] of this.shown) {
      if (there.has(id)) continue;
      node.remove();
      this.shown.delete(id);
    }
    let grew = false;
    for (const each of posts) grew = this.#show(each) || grew;
    this.posts = posts;
    if (posts.length) log.querySelector(".hello")?.remove();
    else this.#greet(over);
    if (grew && atEnd) this.#toEnd();
    this.#count();
  }

  #show(said) {
    const text = JSON.stringify(said);
    const before = this.shown.get(said.id);
    if (before?.text === text) return false;
    const node = post(said, { desk: this.talk.desk, words: this.words, press: (each) => this.press(each) });
    if (before) replace(before.node, node);
    else this.parts.log.append(node);
    this.shown.set(said.id, { text, node });
    return !before;
  }

  #toEnd() {
    this.parts.log.scrollTop = this.parts.log.scrollHeight;
  }

  #count() {
    const { panel, count, launcher } = this.parts;
    const ours = (this.posts ?? []).filter(({ author }) => author !== "them");
    if (!panel.hidden && ours.length) this.talk.keep({ seen: ours.at(-1).at });
    const unread = panel.hidden ? ours.filter(({ at }) => at > (this.talk.kept.seen ?? "")).length : 0;
    count.hidden = unread === 0;
    count.textContent = unread > 99 ? "99+" : String(unread);
    launcher.setAttribute("aria-label", unread ? `${this.words.open}, ${this.words.unread}: ${unread}` : panel.hidden ? this.words.open : this.words.close);
  }
}

/** Put one post in the place of another; the focus stays on what it was on. */
function replace(before, node) {
  const { activeElement } = before.getRootNode();
  const focused = before.contains(activeElement) && activeElement;
  before.replaceWith(node);
  if (focused) [...node.querySelectorAll(focused.tagName)].find((each) => each.textContent === focused.textContent)?.focus({ preventScroll: true });
}

async function start(script) {
  const { desk, user, until, signature, name, language, accent, scheme } = script.dataset;
  const address = new URL(desk || script.src, location.href);
  const base = (desk ? address.href : address.origin).replace(/\/+$/, "");
  const voucher = user && signature ? { account: user, until: Number(until), signature } : undefined;
  const talk = new Talk(base, { name, voucher });
  const said = language || document.documentElement.lang || navigator.language;
  const { words, open } = await talk.get(`words?language=${encodeURIComponent(said)}`);
  return new Widget(talk, words, open, { accent, scheme });
}

const script = document.currentScript;
const begin = () => start(script).catch(() => undefined); // a desk that is down is no fault of the page
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
else begin();
