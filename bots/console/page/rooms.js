/* What was said in each conversation, as last heard; and the answers that only this page has. */

import { get } from "./api.js";

const rooms = new Map();

/** A conversation: `posts` from the desk, `asides` of this page, `seen` the last moment looked at. */
export function room(name) {
  if (!rooms.has(name)) rooms.set(name, new Room(name));
  return rooms.get(name);
}

class Room {
  constructor(name) {
    this.name = name;
    this.posts = [];
    this.asides = [];
    this.loaded = false;
    this.changed = () => {};
    this.fetching = null;
    this.again = false;
  }

  /** Fetch it anew; asked while it is being fetched, it is fetched once more after that. */
  refresh() {
    if (this.fetching) this.again = true;
    this.fetching ??= this.#fetch().finally(() => (this.fetching = null));
    return this.fetching;
  }

  async #fetch() {
    do {
      this.again = false;
      try {
        this.posts = (await get("state", { room: this.name })).posts;
        this.loaded = true;
        this.changed();
      } catch {
        return; // the live connection says so, and asks again once it is back
      }
    } while (this.again);
  }

  post(id) {
    return this.posts.find((post) => post.id === id);
  }

  /** Put an answer beneath what is there now; `under` is the post it belongs to, if any. */
  say(note, under = null) {
    const at = this.posts.at(-1)?.at ?? new Date().toISOString();
    const kept = { ...note, id: crypto.getRandomValues(new Uint32Array(2)).join("-"), at, under };
    this.asides = [...this.asides, kept].slice(-20);
    this.changed();
  }

  dismiss(id) {
    this.asides = this.asides.filter((each) => each.id !== id);
    this.changed();
  }

  /** How many posts of the desk or of others came since somebody looked. */
  get unread() {
    const seen = localStorage.getItem(this.#key);
    if (seen === null) return 0;
    return this.posts.filter((post) => post.at > seen && post.author === "desk").length;
  }

  /** Whoever looks has seen it all. */
  look() {
    const last = this.posts.at(-1)?.at;
    if (last) localStorage.setItem(this.#key, last);
    else if (this.loaded) localStorage.setItem(this.#key, "0");
  }

  /** What was there when the page first met the conversation is not new. */
  meet() {
    if (this.loaded && localStorage.getItem(this.#key) === null) this.look();
  }

  get #key() {
    return `switchboard.seen.${this.name}`;
  }
}
