/* What people do here: say, press, write beneath; and where the answer is shown. */

import { newId, post } from "./api.js";
import { ask } from "./form.js";
import { room } from "./rooms.js";

/**
 * Everything one side can do. `who()` is the handle that acts, `people()` whom a form suggests,
 * `after(place)` is called once something was done there, and looks at it again.
 */
export function acts({ who, people, after }) {
  /** Carry out `request`; a form that it asks for is filled in first. Null if that was given up. */
  async function done(request, fields, { title, about } = {}) {
    const answer = await post(request, { as: who(), ...fields });
    if (!answer.form) return answer;
    const { action, value } = answer.form;
    const submit = (answers) => post("submit", { as: who(), action, value, answers });
    return ask(answer.form, { title, about, people, submit });
  }

  /** Do it, and say in `place` what came of it. Whether it was taken. */
  async function attempt(place, work, { typed, under, quietIf = () => false } = {}) {
    let answer = null;
    try {
      answer = await work();
    } catch (refusal) {
      room(place).say({ card: { text: refusal.message }, refused: true, typed }, under);
      return false;
    }
    await after(place);
    if (answer?.card && !quietIf()) room(place).say({ card: answer.card, typed }, under);
    return true;
  }

  return {
    /** A line typed in `place`. Commands are answered here only; words go to the desk. */
    async say(place, text, { files = [], under } = {}) {
      const typed = text.startsWith("/") ? text.trim() : undefined;
      const id = newId();
      return attempt(place, () => done("say", { text: typed ?? text, id, files, under }), { typed });
    },

    /** A button. What it was on says what happened, if it changed; else the answer does. */
    async press(place, button, from, under) {
      const before = from && JSON.stringify(from.card);
      const changed = () => from && JSON.stringify(room(place).post(from.id)?.card) !== before;
      const { action, value, label } = button;
      const [first] = value.split(" ");
      const meant = /^\d+$/.test(first) ? `#${first}` : first;
      const shown = { title: meant ? `${label} · ${meant}` : label, about: from?.card.quote };
      await attempt(place, () => done("press", { action, value }, shown), { under, quietIf: changed });
    },

    /** Words beneath a ticket's card: for colleagues, unless they are a command. */
    async beneath(place, post_, text) {
      if (text.startsWith("/")) {
        const typed = text.trim();
        return attempt(place, () => done("say", { text: typed, id: newId() }), { typed, under: post_.id });
      }
      const fields = { root: post_.root ?? "", text, id: newId() };
      return attempt(place, () => post("thread", { as: who(), ...fields }), { under: post_.id });
    },
  };
}
