/* Talking to the desk, as a visitor with a secret of their own. */

/** What the desk would not do, in its own words. */
export class Refusal extends Error {
  constructor({ error, text }, status) {
    super(text);
    this.kind = error;
    this.status = status;
  }
}

const AGAIN = [1000, 2000, 5000, 10000, 30000];

/** A conversation with a desk. `who` is what the page says of its visitor. */
export class Talk {
  constructor(desk, who) {
    this.desk = desk;
    this.who = who;
    this.key = `switchboard:${desk}:${who.voucher?.account ?? ""}`;
    this.kept = read(this.key);
  }

  get isKnown() {
    return Boolean(this.kept.secret);
  }

  /** Remember something over reloads, where the browser lets us. */
  keep(more) {
    this.kept = { ...this.kept, ...more };
    try {
      localStorage.setItem(this.key, JSON.stringify(this.kept));
    } catch {
      /* private windows: it lasts as long as the page */
    }
  }

  /** Become a visitor, if we are none yet. */
  async begin() {
    if (this.isKnown) return;
    this.beginning ??= this.#ask("begin", { ...this.who, page: location.origin + location.pathname });
    try {
      this.keep({ secret: (await this.beginning).secret });
    } finally {
      this.beginning = null;
    }
  }

  async get(question) {
    return this.#answered(question, {});
  }

  async post(request, fields) {
    await this.begin();
    try {
      return await this.#ask(request, fields);
    } catch (refusal) {
      if (refusal.status !== 401) throw refusal;
      this.keep({ secret: null }); // forgotten by the desk: begin anew
      await this.begin();
      return this.#ask(request, fields);
    }
  }

  #ask(request, fields) {
    return this.#answered(request, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(fields) });
  }

  async #answered(path, { headers = {}, ...how }) {
    let response = null;
    let answer = null;
    try {
      response = await this.#fetch(path, { ...how, headers });
      answer = await response.json();
    } catch {
      throw new Refusal({ error: "NoAnswer", text: "" }, 0);
    }
    if (!answer.ok) throw new Refusal(answer, response.status);
    return answer;
  }

  #fetch(path, { headers = {}, ...how } = {}) {
    const known = this.kept.secret ? { authorization: `Bearer ${this.kept.secret}` } : {};
    return fetch(`${this.desk}/widget/${path}`, { ...how, headers: { ...headers, ...known }, credentials: "omit", referrerPolicy: "no-referrer" });
  }

  /** Call `moved` whenever something may be new, as long as the page is looked at. */
  listen(moved) {
    if (this.listening) return;
    this.listening = true;
    let ended = null;
    const follow = async () => {
      for (let tries = 0; !document.hidden; tries += 1) {
        ended = new AbortController();
        try {
          await this.#follow(ended.signal, () => {
            tries = 0;
            moved();
          });
        } catch {
          /* broken off: again, after a while */
        }
        if (!document.hidden) await new Promise((done) => setTimeout(done, AGAIN[Math.min(tries, AGAIN.length - 1)]));
      }
      ended = null;
    };
    // A hidden page lets go of its connection: browsers allow six to a server, over all tabs.
    document.addEventListener("visibilitychange", () => (document.hidden ? ended?.abort() : ended || follow()));
    follow();
  }

  async #follow(signal, moved) {
    const response = await this.#fetch("live", { signal });
    if (!response.ok) throw new Refusal({ error: "NoAnswer", text: "" }, response.status);
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const events = (rest + value).split("\n\n");
      rest = events.pop();
      if (events.some((each) => each.includes("event: moved"))) moved();
    }
  }
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? {};
  } catch {
    return {};
  }
}

/** An id for something that is written here, so that sending it twice is sending it once. */
export function newId() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
