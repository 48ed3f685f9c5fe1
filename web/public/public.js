/* What is nicer with a script; everything on these pages works without one. */
"use strict";

const WAIT = 250; // milliseconds without a key
const FRESH = 5000;

/** Put a part of another page in the place of the same part of this one. */
async function freshen(address, id) {
  const answer = await fetch(address);
  if (!answer.ok) return;
  const part = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(id);
  const here = document.getElementById(id);
  if (part && here && part.textContent.replace(/\s+/g, " ") !== here.textContent.replace(/\s+/g, " ")) here.replaceWith(document.adoptNode(part));
}

/** Call `act` once somebody has stopped typing; an answer that is overtaken is never shown. */
function typing(field, act) {
  let timer = 0;
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => act(field.value.trim()).catch(() => undefined), WAIT);
  });
}

const search = document.querySelector("#q[data-search]");
if (search && document.getElementById("results")) typing(search, (text) => freshen(`/help?q=${encodeURIComponent(text)}`, "results"));

const writing = document.querySelector("[data-suggest]");
if (writing)
  typing(writing, async (text) => {
    document.querySelector("[data-question]").value = text;
    await freshen(`${writing.dataset.suggest}?text=${encodeURIComponent(text)}`, "suggestions");
    if (document.querySelector("#suggestions details")) document.querySelector("[data-suggested]").value = "yes";
  });

/* Fields that only some kinds of requests have. */
const kind = document.querySelector("[data-kinds] [name=kind]");
const fit = () => {
  for (const each of document.querySelectorAll("[data-kind]")) each.hidden = each.dataset.kind !== "" && each.dataset.kind !== kind.value;
};
if (kind) {
  kind.addEventListener("change", fit);
  fit();
}

/* A conversation that goes on. */
const fresh = document.querySelector("[data-fresh]");
if (fresh)
  setInterval(() => {
    const busy = document.getElementById("conversation").contains(document.activeElement) && document.activeElement.id !== "conversation";
    if (!document.hidden && !busy) freshen(fresh.dataset.fresh, "conversation").catch(() => undefined);
  }, FRESH);

/* One click, one request. */
for (const form of document.querySelectorAll("form[method=post]"))
  form.addEventListener("submit", (event) => {
    if (form.hasAttribute("aria-busy")) event.preventDefault();
    form.setAttribute("aria-busy", "true");
  });
addEventListener("pageshow", () => document.querySelectorAll("form[aria-busy]").forEach((form) => form.removeAttribute("aria-busy")));
