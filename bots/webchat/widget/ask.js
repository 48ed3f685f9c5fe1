/* A form in the conversation: what a button still has to know. */

import { el } from "./elements.js";

let forms = 0;

/** A form for the fields of `asked`. `submit(answers)` may throw; what it says is shown beneath. */
export function ask(asked, { words, submit, cancel }) {
  forms += 1;
  const fault = el("p", { class: "fault", role: "alert" });
  const form = el(
    "form",
    { class: "post asked", "aria-label": asked.title },
    el("p", { class: "title" }, asked.title),
    asked.help && el("p", { class: "soft" }, asked.help),
    asked.fields.map((field) => row(field, `f${forms}-${field.name}`, words)),
    fault,
    el(
      "div",
      { class: "buttons" },
      el("button", { type: "submit", class: "primary" }, words.send),
      el("button", { type: "button", class: "plain", on: { click: cancel } }, words.cancel),
    ),
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (form.getAttribute("aria-busy") === "true") return;
    form.setAttribute("aria-busy", "true");
    try {
      await submit(Object.fromEntries([...form.querySelectorAll("[name]")].map((each) => [each.name, each.value])));
    } catch (refusal) {
      fault.textContent = refusal.message || words.lost;
    }
    form.removeAttribute("aria-busy");
  });
  return form;
}

function row(field, id, words) {
  const optional = !field.required && el("small", {}, ` ${words.optional}`);
  return el("p", {}, el("label", { for: id }, field.label, optional), control(field, id, words));
}

function control(field, id, words) {
  const common = { id, name: field.name, required: field.required };
  let node = null;
  if (field.choices.length)
    node = el("select", common, el("option", { value: "" }, words.choose), field.choices.map((each, place) => el("option", { value: each }, field.labels[place])));
  else node = field.kind === "text" ? el("textarea", { ...common, rows: 3 }) : el("input", { ...common, type: "text" });
  node.value = field.value ?? "";
  return node;
}
