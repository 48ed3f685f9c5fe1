/* A command asks for what it still needs: an accessible dialog. */

import { el } from "./dom.js";

const drafts = new Map();

/**
 * Ask for the fields of `asked`, beneath the words it is `about`. `submit(answers)` is tried until it does not throw; its refusal
 * is shown in the dialog. Resolves when the dialog is gone, with what `submit` returned or null.
 */
export function ask(asked, { title, about, people, submit }) {
  const dialog = document.getElementById("form");
  const form = dialog.querySelector("form");
  const key = `${asked.action} ${asked.value}`;
  const draft = drafts.get(key) ?? {};
  dialog.querySelector("h2").textContent = title ?? asked.title;
  dialog.querySelector(".help").textContent = asked.help;
  dialog.querySelector(".quote").textContent = about ?? "";
  dialog.querySelector(".fault").textContent = "";
  dialog.querySelector(".primary").textContent = asked.title.split(" ")[0];
  dialog.querySelector(".fields").replaceChildren(...asked.fields.map((field) => row(field, people, draft[field.name] ?? field.value)));
  dialog.dataset.action = asked.action;
  const { promise, resolve } = deferred();
  const ended = new AbortController();
  const answers = () => Object.fromEntries([...form.querySelectorAll("[name]")].map((each) => [each.name, each.value]));
  let result = null;
  const send = async () => {
    if (form.getAttribute("aria-busy") === "true") return;
    form.setAttribute("aria-busy", "true");
    try {
      result = await submit(answers());
      dialog.close();
    } catch (refusal) {
      dialog.querySelector(".fault").textContent = refusal.message;
    }
    form.removeAttribute("aria-busy");
  };
  const on = (node, event, call) => node.addEventListener(event, call, { signal: ended.signal });
  on(form, "submit", (event) => {
    event.preventDefault();
    send();
  });
  on(form, "keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  on(dialog.querySelector("[value=cancel]"), "click", () => dialog.close());
  on(dialog, "mousedown", (event) => event.target === dialog && dialog.close());
  on(dialog, "close", () => {
    if (result) drafts.delete(key);
    else drafts.set(key, answers());
    ended.abort();
    resolve(result);
  });
  dialog.showModal();
  form.querySelector("[name]")?.focus();
  return promise;
}

function deferred() {
  let resolve = null;
  const promise = new Promise((done) => (resolve = done));
  return { promise, resolve };
}

function row(field, people, value) {
  const id = `field-${field.name}`;
  const optional = field.required ? null : el("small", {}, "optional");
  return el("p", {}, el("label", { for: id }, field.label, " ", optional), control(field, id, people, value));
}

function control(field, id, people, value) {
  const common = { id, name: field.name, required: field.required };
  if (field.choices.length) {
    const select = el("select", common, el("option", { value: "" }, "Choose…"), field.choices.map((each, place) => el("option", { value: each }, field.labels[place])));
    select.value = value;
    return select;
  }
  if (field.kind === "text") {
    const text = el("textarea", { ...common, rows: 5 });
    text.value = value;
    return text;
  }
  const hint = { levels: "billing, returns:3", number: "1" }[field.kind];
  const input = el("input", { ...common, type: "text", placeholder: hint, inputmode: field.kind === "number" ? "numeric" : undefined });
  input.value = value;
  if (field.kind !== "agent") return input;
  input.setAttribute("list", `${id}-people`);
  return [input, el("datalist", { id: `${id}-people` }, people().map((each) => el("option", { value: `@${each.handle}` }, each.name)))];
}
