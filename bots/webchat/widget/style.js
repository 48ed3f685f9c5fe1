/* How the widget looks. A sheet that is made by script needs no leave of the page's policy. */

const CSS = `
:host { all: initial; color-scheme: light dark; position: fixed; z-index: 2147483000; inset: auto 1rem 1rem auto;
  --paper: #fff; --ground: #f4f3ef; --ink: #1b1f24; --soft: #5a6169; --line: #dedbd3; --edge: #7b8087; --accent: #1f5fbf; --on: #fff; --fault: #a3261d;
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif, "Noto Color Emoji"; color: var(--ink); }
:host([data-scheme=light]) { color-scheme: light; }
:host([data-scheme=dark]) { color-scheme: dark; --paper: #1a1d20; --ground: #24282c; --ink: #eceef0; --soft: #a6aeb6; --line: #383e45; --edge: #7d8791; --fault: #f2a29b; }
@media (prefers-color-scheme: dark) { :host(:not([data-scheme=light])) { --paper: #1a1d20; --ground: #24282c; --ink: #eceef0; --soft: #a6aeb6; --line: #383e45; --edge: #7d8791; --fault: #f2a29b; } }
*, *::before { box-sizing: border-box; }
[hidden] { display: none !important; }
p, dl, dd, blockquote, ul, ol, pre, h4, h5, h6, h2 { margin: 0; padding: 0; }
button, input, select, textarea { font: inherit; color: inherit; }
button { cursor: pointer; }
:focus-visible { outline: 2px solid var(--ink); outline-offset: 2px; }
.launcher { position: relative; display: grid; place-items: center; width: 3.5rem; height: 3.5rem; border: 0; border-radius: 50%; background: var(--accent); color: var(--on); box-shadow: 0 4px 16px rgb(0 0 0 / .25); margin-left: auto; }
.launcher svg { width: 1.6rem; height: 1.6rem; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
.count { position: absolute; top: -.2rem; right: -.2rem; min-width: 1.4rem; padding: 0 .35rem; border-radius: 1rem; background: #b3261e; color: #fff; font-size: .8rem; line-height: 1.4rem; font-weight: 600; text-align: center; }
.panel { display: flex; flex-direction: column; width: min(24rem, calc(100vw - 2rem)); height: min(36rem, calc(100dvh - 7rem)); margin-bottom: .75rem; overflow: hidden; background: var(--paper); border: 1px solid var(--line); border-radius: 14px; box-shadow: 0 12px 40px rgb(0 0 0 / .22); }
.top { display: flex; align-items: center; gap: .5rem; padding: .75rem .75rem .75rem 1rem; background: var(--accent); color: var(--on); }
.top h2 { flex: 1; font-size: 1rem; font-weight: 600; line-height: 1.3; }
.top button { width: 2.25rem; height: 2.25rem; border: 0; border-radius: 8px; background: none; color: inherit; font-size: 1.3rem; line-height: 1; }
.top button:focus-visible { outline-color: currentColor; }
.log { flex: 1; overflow-y: auto; padding: 1rem; display: flex; flex-direction: column; gap: .6rem; overscroll-behavior: contain; overflow-wrap: anywhere; }
.log:focus-visible { outline-offset: -3px; }
.post { max-width: 88%; align-self: flex-start; padding: .55rem .75rem; border-radius: 12px 12px 12px 3px; background: var(--ground); }
.own { align-self: flex-end; border-radius: 12px 12px 3px 12px; background: var(--accent); color: var(--on); }
.own .soft, .own a { color: inherit; }
.asked { align-self: stretch; max-width: none; }
.hello { color: var(--soft); }
.words { white-space: pre-wrap; }
.who, .title { font-weight: 600; }
.soft { color: var(--soft); font-size: .8rem; }
.card, .markdown { display: grid; gap: .45rem; }
.markdown ul, .markdown ol { padding-left: 1.2rem; }
.markdown pre { overflow-x: auto; white-space: pre-wrap; }
.excerpt { padding: .6rem .7rem; background: var(--paper); border: 1px solid var(--line); border-radius: 8px; }
blockquote { padding-left: .6rem; border-left: 3px solid var(--edge); }
dl { display: grid; gap: .2rem; } dt { color: var(--soft); font-size: .8rem; }
a { color: inherit; text-underline-offset: .15em; }
.file img { display: block; max-width: 100%; max-height: 12rem; border-radius: 8px; }
.buttons { display: flex; flex-wrap: wrap; gap: .4rem; margin-top: .2rem; }
.buttons button, .send { min-height: 2.25rem; padding: .3rem .8rem; border: 1px solid var(--edge); border-radius: 8px; background: var(--paper); color: var(--ink); }
.buttons .primary, .send { border-color: var(--accent); background: var(--accent); color: var(--on); }
label { display: block; font-size: .85rem; font-weight: 600; margin-bottom: .15rem; }
small { font-weight: 400; color: var(--soft); }
input, select, textarea { width: 100%; padding: .45rem .6rem; border: 1px solid var(--edge); border-radius: 8px; background: var(--paper); }
.asked { display: grid; gap: .6rem; }
.offline { display: grid; grid-template-columns: 1fr 1fr auto; gap: .4rem; align-items: end; padding: .6rem 1rem .75rem; border-bottom: 1px solid var(--line); background: var(--ground); font-size: .9rem; }
.offline > p:first-child, .offline .fault { grid-column: 1 / -1; }
.offline .buttons button { min-height: 2.4rem; }
.fault { color: var(--fault); font-size: .9rem; } .fault:empty { display: none; }
.composer { padding: .6rem .75rem .75rem; border-top: 1px solid var(--line); display: grid; gap: .4rem; }
.line { display: flex; gap: .4rem; align-items: end; }
.line textarea { flex: 1; resize: none; max-height: 8rem; min-height: 2.5rem; height: 2.5rem; field-sizing: content; }
.attach { position: relative; margin: 0; flex: none; width: 2.5rem; height: 2.5rem; display: grid; place-items: center; border-radius: 8px; cursor: pointer; font-size: 1.1rem; }
.attach input { position: absolute; inset: 0; opacity: 0; cursor: pointer; padding: 0; }
.attach:focus-within { outline: 2px solid var(--ink); }
.send { flex: none; min-height: 2.5rem; font-weight: 600; }
.drop { border: 0; background: none; text-decoration: underline; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (max-width: 30rem) { :host([data-open]) { inset: 0; } :host([data-open]) .panel { width: 100vw; height: 100dvh; margin: 0; border: 0; border-radius: 0; } :host([data-open]) .launcher { display: none; } }
@media (prefers-reduced-motion: no-preference) { .launcher { transition: transform .15s; } .launcher:hover { transform: scale(1.05); } }
`;

/** Give a shadow root its looks; `accent` is a colour of the site's own, on which white or black is written. */
export function dress(root, accent) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(CSS);
  root.adoptedStyleSheets = [sheet];
  const [red, green, blue] = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(accent ?? "")?.slice(1).map((each) => parseInt(each, 16)) ?? [];
  if (red === undefined) return;
  const light = [red, green, blue].map((each) => (each /= 255) <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4);
  const brightness = 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2]; // WCAG 2.2, relative luminance
  const own = new CSSStyleSheet();
  own.replaceSync(`:host { --accent: ${accent}; --on: ${brightness > 0.179 ? "#000" : "#fff"}; }`);
  root.adoptedStyleSheets = [sheet, own];
}
