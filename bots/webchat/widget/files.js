/* Files: as they stand in the conversation, and as they are sent. */

import { el } from "./elements.js";

/** A file of a post. */
export function file({ name, state, reason, url, picture, size }, desk, words) {
  if (state === "refused") return el("p", { class: "file" }, `📎 ${name}: ${reason}`);
  if (state !== "kept") return el("p", { class: "file" }, `📎 ${name}, ${words.coming}`);
  const address = desk + url;
  const label = `📎 ${name} (${size < 1000 ? `${size} B` : `${Math.round(size / 1000)} kB`})`;
  const link = el("a", { href: address, target: "_blank", rel: "noopener noreferrer", download: picture ? null : name }, picture ? null : label);
  if (picture) {
    const shown = el("img", { src: address, alt: name, loading: "lazy" });
    shown.addEventListener("error", () => shown.replaceWith(label)); // the page's policy allows no pictures of ours
    link.append(shown);
  }
  return el("p", { class: "file" }, link);
}

/** A file as the desk takes it. */
export function asSent(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve({ name: blob.name, type: blob.type, content: reader.result.slice(reader.result.indexOf(",") + 1) }));
    reader.addEventListener("error", () => reject(reader.error));
    reader.readAsDataURL(blob);
  });
}
