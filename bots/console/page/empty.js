/* What is shown where nothing was said yet: what this place is, and what to try. */

import { el } from "./dom.js";

const QUESTIONS = ["How do I reset my password?", "My package arrived broken", "hi"];
const COMMANDS = ["/ticket list", "/agent available", "/ticket help"];

export function emptyChat(say) {
  return welcome("Ask something, as a customer would", "The desk answers from its articles where it can. What it cannot answer becomes a ticket, and goes to an agent on the other side.", QUESTIONS, say);
}

export function emptyDirect(agent, { known, anybody }, say) {
  if (anybody && !known)
    return welcome(`${agent.handle} is not on the desk`, `Choose one of the agents above, or let an admin send: /agent add @${agent.handle}`, [], say);
  if (!anybody)
    return welcome("Nobody is on the desk yet", "Open the one-time link that Switchboard printed when it started, or send its /agent join line here. Then you are the admin, and can /agent add others.", [], say);
  return welcome(`Tickets reach ${agent.name} here`, "The desk's bot sends each ticket with its buttons to whoever it was assigned to. Type / to see everything an agent can do.", COMMANDS, say);
}

export function emptyStaff() {
  return welcome("One card for each ticket", "The next ticket appears here, with its conversation beneath it. What colleagues write under a card stays among them.", []);
}

function welcome(title, text, tries, say) {
  const chip = (words) => el("button", { type: "button", class: "chip", on: { click: () => say(words) } }, words);
  return el(
    "div",
    { class: "empty" },
    el("h2", {}, title),
    el("p", {}, text),
    tries.length ? el("div", { class: "chips", role: "group", "aria-label": "Try one of these" }, tries.map(chip)) : null,
  );
}
