/* Talking to the desk. */

/** What the desk would not do, in its own words. */
export class Refusal extends Error {
  constructor({ error, text }) {
    super(text);
    this.kind = error;
  }
}

/** Ask a question. */
export async function get(question, about = {}) {
  const search = new URLSearchParams(about).toString();
  return answered(() => fetch(`/console/api/${question}${search && `?${search}`}`));
}

/** Ask for something to be done. */
export async function post(request, fields) {
  return answered(() =>
    fetch(`/console/api/${request}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(fields),
    }),
  );
}

async function answered(ask) {
  let answer = null;
  try {
    const response = await ask();
    answer = await response.json();
  } catch {
    throw new Refusal({ error: "NoAnswer", text: "The desk did not answer. Is it still running? Try again in a moment." });
  }
  if (!answer.ok) throw new Refusal(answer);
  return answer;
}

/** An id for something that is written here, so that sending it twice is sending it once. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Hear which conversations moved. `heard` gets their names, or null for “look at everything”. */
export function listen({ heard, state }) {
  let source = null;
  let again = 0;
  const close = () => {
    source?.close();
    clearTimeout(again);
  };
  const open = () => {
    close();
    source = new EventSource("/console/api/live");
    source.addEventListener("ready", () => {
      state(true);
      heard(null);
    });
    source.addEventListener("moved", (event) => heard(JSON.parse(event.data)));
    source.addEventListener("error", () => {
      state(false);
      if (source.readyState === EventSource.CLOSED) again = setTimeout(open, 2000);
    });
  };
  // A hidden page lets go of its connection: browsers allow six to a server, over all tabs.
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  window.addEventListener("pagehide", close);
  if (!document.hidden) open();
}
