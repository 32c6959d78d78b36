// Puts the page together: one state, drawn by the sidebar, the scene and the panel, changed by their actions.

import { Model } from "./data";
import { append, h, replaceChildren } from "./dom";
import { noFilters, shown } from "./filters";
import { Panel } from "./panel";
import { type Emphasis, Scene } from "./scene";
import { Index } from "./search";
import { Sidebar } from "./sidebar";
import { initialState, keepInAddress, readAddress, type Selection, writeAddress } from "./state";
import { type Word, Words } from "./words";

const model = new Model();
const index = new Index(model);
const state = initialState(model, index);
const words = new Words(state.language);

let visible = shown(model, state.filters, null, []);
let scene: Scene | null = null;

const canvas = h("div", { class: "canvas", tabindex: "0", role: "application", "aria-label": model.data.title });
const toolbar = h("nav", { class: "toolbar" });
const help = h("dialog", { class: "shortcuts" });
const notice = h("p", { class: "notice", hidden: true });

const panel = new Panel(model, index, words, state, {
  chooseNode: (node) => choose({ kind: "node", index: node }, true),
  chooseEdge: (edge) => choose({ kind: "edge", index: edge }, true),
  pointEdge: (edge) => scene?.point(edge === null ? null : scene.ends(edge)),
  focus: (node, depth) => { state.focus = { node, depth }; draw(); scene?.fit(); },
  unfocus,
  openPath: (from, to) => { state.path = { from, to }; draw(); showPath(); },
  close: () => choose(null, false),
  closePath: () => { state.path = null; draw(); },
});
const sidebar = new Sidebar(model, index, words, state,
  (node) => choose({ kind: "node", index: node }, true), draw,
  () => { Object.assign(state.filters, noFilters()); sidebar.draw(); draw(); });

function choose(selection: Selection, bringIntoView: boolean): void {
  state.selection = selection;
  draw();
  panel.element.scrollTop = 0;
  const hidden = selection?.kind === "node" && scene?.isCovered(selection.index);
  if (selection && (bringIntoView || hidden)) scene?.show(emphasis()?.nodes ?? []);
}

function unfocus(): void {
  state.focus = null;
  draw();
  scene?.fit();
}

function showPath(): void {
  const ends = emphasis();
  if (ends && state.path) scene?.show(ends.nodes);
}

function emphasis(): Emphasis | null {
  const { selection } = state;
  const { head, tail } = model.data.edges;
  if (selection?.kind === "edge") return { nodes: new Set([head[selection.index], tail[selection.index]]), edges: new Set([selection.index]) };
  const path = panel.path(visible);
  if (path) return { nodes: new Set(path.flatMap((edge) => [head[edge], tail[edge]])), edges: new Set(path) };
  return selection && scene ? scene.around(selection.index) : null;
}

function draw(): void {
  const { selection } = state;
  const always = selection?.kind === "node" ? [selection.index] : [];
  visible = shown(model, state.filters, state.focus, always);
  panel.draw(visible);
  sidebar.count(visible);
  document.documentElement.dataset.theme = state.theme;
  document.documentElement.lang = state.language === "zh" ? "zh-CN" : "en";
  if (scene) {
    scene.covered = panel.element.hidden ? 0 : panel.element.offsetWidth;
    const { edges, relationTypes } = model.data;
    scene.setShown(visible);
    scene.update(emphasis(), selection, state.theme, (edge) => words.type(relationTypes[edges.type[edge]]));
  }
  writeAddress(state, model);
}

function setLanguage(): void {
  state.language = words.language = state.language === "zh" ? "en" : "zh";
  keepInAddress("lang", state.language);
  sidebar.draw();
  drawToolbar();
  draw();
}

function setTheme(): void {
  state.theme = state.theme === "dark" ? "light" : "dark";
  keepInAddress("theme", state.theme);
  draw();
}

async function savePicture(): Promise<void> {
  const blob = await scene?.picture();
  if (!blob) return;
  const link = h("a", { href: URL.createObjectURL(blob), download: `${model.data.title}.png` });
  link.click();
  URL.revokeObjectURL(link.href);
}

function drawToolbar(): void {
  const button = (name: Word, sign: string, action: () => void): HTMLElement =>
    h("button", { type: "button", class: name, title: words.word(name), "aria-label": words.word(name), on: { click: action } }, sign);
  replaceChildren(toolbar,
    button("zoomIn", "+", () => scene?.zoom(1)), button("zoomOut", "−", () => scene?.zoom(-1)), button("fit", "⤢", () => scene?.fit()),
    button("path", "⇝", () => panelPath()), button("picture", "⤓", () => void savePicture()),
    button("theme", "◐", setTheme), button("language", state.language === "zh" ? "EN" : "中", setLanguage), button("help", "?", showHelp));
}

function panelPath(): void {
  const from = state.selection?.kind === "node" ? state.selection.index : -1;
  state.path = { from, to: -1 };
  draw();
  panel.element.querySelectorAll<HTMLInputElement>(".path input")[from < 0 ? 0 : 1]?.focus();
}

function showHelp(): void {
  const keys: [string, Word][] = [
    ["/", "keySearch"], ["F", "keyFocus"], ["P", "keyPath"], ["+ −", "keyZoom"], ["0", "keyFit"], ["← ↑ ↓ →", "keyPan"],
    ["Esc", "keyEscape"], ["T", "keyTheme"], ["L", "keyLanguage"], ["?", "keyHelp"],
  ];
  replaceChildren(help, h("h2", {}, words.word("help")),
    h("dl", {}, keys.map(([key, name]) => h("div", {}, h("dt", {}, h("kbd", {}, key)), h("dd", {}, words.word(name))))),
    h("button", { type: "button", on: { click: () => help.close() } }, words.word("close")));
  help.showModal();
}

function stepBack(): void {
  if (state.selection) choose(null, false);
  else if (state.path) { state.path = null; draw(); }
  else if (state.focus) unfocus();
}

function focusSelected(): void {
  if (state.selection?.kind !== "node") return;
  if (state.focus?.node === state.selection.index) unfocus();
  else { state.focus = { node: state.selection.index, depth: 1 }; draw(); scene?.fit(); }
}

document.addEventListener("keydown", (event) => {
  const target = event.target as HTMLElement;
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || help.open) return;
  if (target.matches("input:not([type=range]):not([type=checkbox])") && event.key !== "Escape") return;
  const onSlider = target.matches("input");
  const pan: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  if (pan[event.key]) {
    if (onSlider) return;
    scene?.pan(...pan[event.key]);
  } else {
    const actions: Record<string, () => void> = {
      "/": () => sidebar.focusSearch(), f: focusSelected, p: panelPath, "+": () => scene?.zoom(1), "=": () => scene?.zoom(1),
      "-": () => scene?.zoom(-1), "0": () => scene?.fit(), t: setTheme, l: setLanguage, "?": showHelp, Escape: stepBack,
    };
    const action = actions[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!action) return;
    action();
  }
  event.preventDefault();
});

window.addEventListener("hashchange", () => {
  readAddress(state, model, index);
  words.language = state.language;
  sidebar.draw();
  drawToolbar();
  draw();
  scene?.show(emphasis()?.nodes ?? []);
});

append(document.body, [sidebar.element, h("main", {}, canvas, toolbar, panel.element, notice), help]);
document.documentElement.dataset.theme = state.theme;
drawToolbar();
try {
  scene = new Scene(canvas, model, visible, {
    clickNode: (node) => choose({ kind: "node", index: node }, false),
    clickEdge: (edge) => choose({ kind: "edge", index: edge }, false),
    clickNothing: () => { if (state.selection) choose(null, false); },
    openNode: (node) => { state.selection = { kind: "node", index: node }; state.focus = { node, depth: 1 }; draw(); scene?.fit(); },
  });
} catch (error) {
  console.warn(error);
  notice.textContent = words.word("noWebGL");
  notice.hidden = false;
}
draw();
if (scene) {
  scene.fit(false);
  if (!state.focus) scene.show(emphasis()?.nodes ?? []);
}

// For tests and measurements.
Object.assign(window, { kgViewer: { model, state, scene, shown: () => visible, readyAfter: performance.now() } });
