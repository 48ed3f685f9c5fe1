/* Files and what else hangs on a post: pictures, downloads, reactions; and files to be sent. */

import { el } from "./dom.js";

/** Everything that hangs on a post beside its words. */
export function hanging({ files = [], reactions = [], edited }) {
  return [
    ...files.map(file),
    reactions.length > 0 && el("p", { class: "reactions", "aria-label": "Reactions" }, reactions.map((each) => el("span", {}, each))),
    edited && el("p", { class: "edited" }, "edited"),
  ].filter(Boolean);
}

function file({ name, state, reason, url, picture, size }) {
  if (state === "refused") return el("p", { class: "file refused" }, `📎 ${name}: ${reason}`);
  if (state !== "kept") return el("p", { class: "file" }, `📎 ${name}, on its way…`);
  const shown = picture ? el("img", { src: url, alt: name, loading: "lazy" }) : `📎 ${name}${size ? ` (${kilobytes(size)})` : ""}`;
  return el("p", { class: "file" }, el("a", { href: url, target: "_blank", rel: "noopener", download: picture ? undefined : name }, shown));
}

function kilobytes(size) {
  return size < 1_000 ? `${size} bytes` : `${Math.round(size / 1_000)} kB`;
}

/** Files that were chosen beneath a line, or pasted into it, until they are taken. */
export class Chosen {
  constructor(form, text) {
    this.list = [];
    this.shown = el("p", { class: "chosen", role: "status", hidden: true });
    const input = el("input", { type: "file", multiple: true, class: "unseen", "aria-label": "Attach files", tabindex: "-1" });
    input.addEventListener("change", () => {
      this.#add(input.files);
      input.value = "";
    });
    const label = el("label", { class: "attach", title: "Attach files" }, input, el("span", { "aria-hidden": "true" }, "📎"));
    form.prepend(this.shown);
    text.before(label);
    text.addEventListener("paste", (event) => this.#add(event.clipboardData?.files ?? []));
  }

  #add(files) {
    this.list.push(...files);
    this.#show();
  }

  clear() {
    this.list = [];
    this.#show();
  }

  #show() {
    this.shown.hidden = !this.list.length;
    const drop = el("button", { type: "button", class: "drop", on: { click: () => this.clear() } }, "Remove");
    this.shown.replaceChildren(...(this.list.length ? [`📎 ${this.list.map(({ name }) => name).join(", ")} `, drop] : []));
  }

  /** As the desk takes them. */
  async read() {
    return Promise.all(this.list.map(async (each) => ({ name: each.name, type: each.type, content: await base64(each) })));
  }
}

function base64(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(reader.result.slice(reader.result.indexOf(",") + 1)));
    reader.addEventListener("error", () => reject(reader.error));
    reader.readAsDataURL(blob);
  });
}
