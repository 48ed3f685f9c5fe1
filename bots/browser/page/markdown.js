/* A little Markdown, as articles are written in it: built as elements, so that nothing in it runs. */

import { el, link } from "./elements.js";

const FENCE = /^\s*```/;
const HEADING = /^(#{1,6})\s+(.*)$/;
const BULLET = /^\s*[-*+]\s+(.*)$/;
const NUMBER = /^\s*\d{1,9}[.)]\s+(.*)$/;
const QUOTE = /^\s*>\s?(.*)$/;
const RULE = /^\s*([-*_])(?:\s*\1){2,}\s*$/;
const STARTS = [FENCE, HEADING, BULLET, NUMBER, QUOTE, RULE];

/** The elements of a text: paragraphs, headings, lists, quotes, code. */
export function markdown(text) {
  return blocks(text.replace(/\r\n?/g, "\n").split("\n"), 0);
}

const DEEPEST = 8;

function blocks(lines, depth) {
  const built = [];
  let at = 0;
  while (at < lines.length) {
    const [node, next] = block(lines, at, depth);
    if (node) built.push(node);
    at = next;
  }
  return built;
}

function block(lines, at, depth) {
  const line = lines[at];
  if (!line.trim()) return [null, at + 1];
  if (FENCE.test(line)) return code(lines, at);
  if (RULE.test(line)) return [el("hr"), at + 1];
  const heading = HEADING.exec(line);
  if (heading) return [el(`h${Math.min(heading[1].length + 3, 6)}`, {}, inline(heading[2])), at + 1];
  if (QUOTE.test(line) && depth < DEEPEST) return quote(lines, at, depth);
  if (BULLET.test(line)) return list("ul", BULLET, lines, at);
  if (NUMBER.test(line)) return list("ol", NUMBER, lines, at);
  return paragraph(lines, at);
}

function code(lines, at) {
  let end = at + 1;
  while (end < lines.length && !FENCE.test(lines[end])) end += 1;
  return [el("pre", {}, el("code", {}, lines.slice(at + 1, end).join("\n"))), end + 1];
}

function quote(lines, at, depth) {
  let end = at;
  while (end < lines.length && QUOTE.test(lines[end])) end += 1;
  const inner = lines.slice(at, end).map((line) => QUOTE.exec(line)[1]);
  return [el("blockquote", {}, blocks(inner, depth + 1)), end];
}

function list(name, mark, lines, at) {
  const entries = [];
  let end = at;
  for (; end < lines.length; end += 1) {
    const entry = mark.exec(lines[end]);
    if (entry) entries.push(entry[1]);
    else if (/^\s+\S/.test(lines[end]) && !STARTS.some((start) => start.test(lines[end])))
      entries[entries.length - 1] += ` ${lines[end].trim()}`;
    else break;
  }
  return [el(name, {}, entries.map((entry) => el("li", {}, inline(entry)))), end];
}

function paragraph(lines, at) {
  let end = at + 1;
  while (end < lines.length && lines[end].trim() && !STARTS.some((start) => start.test(lines[end]))) end += 1;
  return [el("p", {}, inline(lines.slice(at, end).join("\n"))), end];
}

const MARKS = [
  [/`([^`\n]{1,500})`/, (found) => el("code", {}, found[1])],
  [/\[([^\]\n]{1,300})\]\(([^()\s]{1,2000})\)/, (found, depth) => link(found[2], inline(found[1], depth))],
  [/<(https?:\/\/[^<>\s]{1,2000})>/, (found) => link(found[1], found[1])],
  [/\*\*([^\n]{1,1000}?)\*\*/, (found, depth) => el("strong", {}, inline(found[1], depth))],
  [/__([^\n]{1,1000}?)__/, (found, depth) => el("strong", {}, inline(found[1], depth))],
  [/\*([^*\s][^*\n]{0,1000}?)\*/, (found, depth) => el("em", {}, inline(found[1], depth))],
  [/\b_([^_\n]{1,1000}?)_\b/, (found, depth) => el("em", {}, inline(found[1], depth))],
  [/\bhttps?:\/\/[^\s<>"'`]+[^\s<>"'`.,;:!?)\]*_]/, (found) => link(found[0], found[0])],
];

/** The pieces of a line: bold, italics, code, links; the rest is text. */
function inline(text, depth = 0) {
  const pieces = [];
  let rest = text;
  while (rest && depth < DEEPEST) {
    const [found, build] = first(rest);
    if (!found) break;
    if (found.index) pieces.push(rest.slice(0, found.index));
    pieces.push(build(found, depth + 1));
    rest = rest.slice(found.index + found[0].length);
  }
  if (rest) pieces.push(rest);
  return pieces;
}

function first(text) {
  let best = [null, null];
  for (const [mark, build] of MARKS) {
    const found = mark.exec(text);
    if (found && (!best[0] || found.index < best[0].index)) best = [found, build];
  }
  return best;
}
