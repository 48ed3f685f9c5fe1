/* The console: who is who, which side is looked at, and everything wired together. */

import { acts } from "./acts.js";
import { get, listen } from "./api.js";
import { showChat } from "./chat.js";
import { compose } from "./composer.js";
import { el } from "./dom.js";
import { emptyChat, emptyDirect, emptyStaff } from "./empty.js";
import { stayAtTheEnd, toTheEnd } from "./keyed.js";
import { isHandle, picker } from "./people.js";
import { room } from "./rooms.js";
import { showStaff } from "./staff.js";

const STAFF = "staff";
const AGENT = 1; // the lowest rank of staff
const CUSTOMERS = ["customer-1", "customer-2", "customer-3"];
const ROOMS = ["customer-room", "direct-room", "staff-room"];
const $ = (id) => document.getElementById(id);

const here = { customer: "", agent: "", tab: "direct", agents: [], commands: [], answers: null };

// Who is who

const onRoster = (handle) => here.agents.find((each) => each.handle === handle);

function customer(handle = here.customer) {
  const known = room(handle).posts.find((post) => post.name)?.name;
  const also = onRoster(handle);
  const about = also ? `@${handle} · is an agent; choose somebody else` : `@${handle} · customer`;
  return { handle, name: known ?? handle, about: [about] };
}

function agent(handle = here.agent) {
  const known = onRoster(handle);
  if (!known) return { handle, name: handle || "nobody yet", about: [handle ? `@${handle} · not on the desk` : "choose who you are"] };
  const holds = known.holds.length ? `holds ${known.holds.map((n) => `#${n}`).join(", ")}` : "holds nothing";
  const state = el("span", { class: "state", data: { state: known.availability } }, known.availability);
  return { handle, name: known.name, about: [state, ` · ${holds} · ${known.role}`] };
}

function remembered() {
  const typed = JSON.parse(localStorage.getItem("switchboard.customers") ?? "[]");
  return [...new Set([...CUSTOMERS, ...typed])].filter((handle) => !onRoster(handle)).slice(-12);
}

function be(side, handle) {
  here[side] = handle;
  if (side === "customer") answerTo(null);
  localStorage.setItem(`switchboard.${side}`, handle);
  if (side === "customer" && !CUSTOMERS.includes(handle)) {
    const typed = remembered().filter((each) => !CUSTOMERS.includes(each) && each !== handle);
    localStorage.setItem("switchboard.customers", JSON.stringify([...typed, handle].slice(-9)));
  }
  const address = new URL(location.href);
  address.searchParams.set(side, handle);
  history.replaceState(null, "", address);
  watch();
  refresh().then(() => toTheEnd(side === "customer" ? $("customer-room") : $("direct-room")));
}

// Looking

const rooms = () => [...new Set([here.customer, here.agent, STAFF])].filter(Boolean);

/** Show every conversation that is open whenever it changes. */
function watch() {
  for (const name of rooms()) room(name).changed = () => showAll();
}

async function refresh(names = rooms()) {
  await Promise.all([...names.map((name) => room(name).refresh()), names.includes(STAFF) && people()]);
  showAll();
}

async function people() {
  try {
    here.agents = (await get("people")).agents;
  } catch {
    return; // said by the live connection
  }
}

function showAll() {
  showChat($("customer-room"), room(here.customer), {
    person: customer(),
    press: (button, from) => asCustomer.press(here.customer, button, from),
    answer: (post) => answerTo(post),
    empty: () => emptyChat((words) => customerLine.put(words)),
  });
  showChat($("direct-room"), room(here.agent), {
    person: agent(),
    press: (button, from) => asAgent.press(here.agent, button, from),
    empty: () => emptyDirect(agent(), { known: onRoster(here.agent), anybody: here.agents.length }, (words) => agentLine.put(words)),
  });
  showStaff($("staff-room"), room(STAFF), {
    press: (button, from) => asAgent.press(STAFF, button, from, from?.id),
    write: (id, text) => asAgent.beneath(STAFF, room(STAFF).post(id), text),
    empty: emptyStaff,
    again: showAll,
  });
  showCustomer();
  showAgent();
  count();
}

/** Marks what is unread, and takes the mark from what is looked at. */
function count() {
  const seen = (id) => !document.hidden && $(id).offsetParent !== null;
  const shown = [
    [here.customer, seen("customer-room")],
    [here.agent, seen("direct-room")],
    [STAFF, seen("staff-room")],
  ];
  const unread = shown.map(([name, visible]) => {
    room(name).meet();
    if (visible) room(name).look();
    return room(name).unread;
  });
  mark($("side-customer"), unread[0]);
  mark($("tab-direct"), unread[1]);
  mark($("tab-staff"), unread[2]);
  mark($("side-agent"), unread[1] + unread[2]);
  const all = unread[0] + unread[1] + unread[2];
  document.title = `${all ? `(${all}) ` : ""}Console · Switchboard`;
}

function mark(tab, number) {
  const badge = tab.querySelector(".count");
  badge.hidden = !number;
  badge.replaceChildren(...(number ? [String(number), el("span", { class: "unseen" }, " unread")] : []));
}

// Doing

// What was done is looked at where it was done, at once; the rest is heard of.
const asCustomer = acts({ who: () => here.customer, people: () => here.agents, after: (place) => refresh([place]) });
const asAgent = acts({ who: () => here.agent, people: () => here.agents, after: (place) => refresh([place, STAFF]) });
const upTo = (rank) => here.commands.filter((command) => command.rank <= rank);

const customerLine = compose($("customer-composer"), {
  files: true,
  send: async (text, files) => {
    const taken = await asCustomer.say(here.customer, text, { files, under: here.answers?.id });
    if (taken) answerTo(null);
    toTheEnd($("customer-room"));
    return taken;
  },
  commands: () => upTo(0),
});

/** What is written next answers a post of a ticket that has a part of the conversation to itself. */
function answerTo(post) {
  here.answers = post;
  const form = $("customer-composer");
  form.querySelector(".answering")?.remove();
  if (!post) return;
  const drop = el("button", { type: "button", class: "drop", on: { click: () => answerTo(null) } }, "Remove");
  form.prepend(el("p", { class: "chosen answering", role: "status" }, `↳ Answers #${post.branch} `, drop));
  form.querySelector("textarea").focus();
}

const agentLine = compose($("agent-composer"), {
  send: async (text) => {
    const place = here.tab === "staff" ? STAFF : here.agent;
    if (place === STAFF && !text.startsWith("/")) {
      room(STAFF).say({ card: { text: "Only commands here. To talk about a ticket, write beneath its card; to answer the customer, press Reply." }, refused: true });
      toTheEnd($("staff-room"));
      return false;
    }
    const taken = await asAgent.say(place, text);
    toTheEnd($(`${here.tab}-room`));
    return taken;
  },
  commands: () => upTo(onRoster(here.agent)?.rank ?? AGENT),
});

// The two sides and the two tabs

/** Tabs by the book: arrows move, one of them is in the tab order. */
function tabs(list, chosen, choose) {
  const all = [...list.querySelectorAll("[role=tab]")];
  const show = () => {
    for (const tab of all) {
      const on = tab === chosen();
      tab.setAttribute("aria-selected", String(on));
      tab.tabIndex = on ? 0 : -1;
    }
  };
  list.addEventListener("click", (event) => {
    const tab = event.target.closest("[role=tab]");
    if (tab) choose(tab);
    show();
  });
  list.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step) return;
    const next = all[(all.indexOf(event.target) + step + all.length) % all.length];
    choose(next);
    show();
    next.focus();
  });
  show();
}

function chooseTab(tab) {
  here.tab = tab.dataset.tab;
  for (const name of ["direct", "staff"]) $(`${name}-room`).hidden = name !== here.tab;
  const placeholder = here.tab === "staff" ? "Type / for a command…" : "Type / for all that you can do…";
  $("agent-text").placeholder = placeholder;
  toTheEnd($(`${here.tab}-room`));
  count();
}

function chooseSide(tab) {
  document.body.dataset.side = tab.dataset.side;
  ROOMS.forEach((id) => toTheEnd($(id)));
  count();
}

tabs(document.querySelector(".sides"), () => $(`side-${document.body.dataset.side}`), chooseSide);
tabs(document.querySelector(".pane .tabs"), () => $(`tab-${here.tab}`), chooseTab);

const showCustomer = picker($("customer-who"), {
  label: "You are the customer",
  role: "Customer",
  current: customer,
  options: () => remembered().map((handle) => customer(handle)),
  choose: (handle) => be("customer", handle),
});

const showAgent = picker($("agent-who"), {
  label: "You are the agent",
  role: "Agent",
  current: agent,
  options: () => here.agents.map(({ handle }) => agent(handle)),
  choose: (handle) => be("agent", handle),
});

// Starting

function linked(good) {
  $("link").textContent = good ? "Live" : "Reconnecting…";
  $("link").dataset.good = good;
}

function whoFirst(side, otherwise) {
  const asked = new URLSearchParams(location.search).get(side)?.replace(/^@/, "");
  return [asked, localStorage.getItem(`switchboard.${side}`), otherwise].find((each) => each && isHandle(each));
}

async function start() {
  await people();
  here.customer = whoFirst("customer", CUSTOMERS[0]);
  here.agent = whoFirst("agent", here.agents[0]?.handle ?? "agent-1");
  watch();
  await refresh();
  ROOMS.forEach((id) => toTheEnd($(id)));
  ROOMS.forEach((id) => stayAtTheEnd($(id)));
  document.body.dataset.ready = "";
  get("commands").then((answer) => (here.commands = answer.commands), () => {});
  document.addEventListener("visibilitychange", count);
  listen({
    heard: (names) => (names === null || names.some((name) => rooms().includes(name))) && refresh(names ? rooms().filter((name) => names.includes(name)) : rooms()),
    state: linked,
  });
  remembered().forEach((handle) => room(handle).refresh()); // for their names
}

start();
