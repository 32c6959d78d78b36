// What the page shows now, and its form in the address, so that a link brings a reader to the same place.

import type { Model } from "./data";
import { type Filters, type Focus, noFilters } from "./filters";
import type { Index } from "./search";
import type { Language } from "./words";

export type Selection = { kind: "node" | "edge"; index: number } | null;
export type Theme = "light" | "dark";

export interface State {
  selection: Selection;
  focus: Focus | null;
  /** The two ends of the path panel, where it is open; -1 is not chosen yet. */
  path: { from: number; to: number } | null;
  filters: Filters;
  language: Language;
  theme: Theme;
}

export function initialState(model: Model, index: Index): State {
  const dark = window.matchMedia("(prefers-color-scheme: dark)").matches;
  const state: State = {
    selection: null, focus: null, path: null, filters: noFilters(),
    language: navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en",
    theme: dark ? "dark" : "light",
  };
  // A graph without any relation would be an empty page.
  state.filters.isolated = model.edgeCount === 0;
  readAddress(state, model, index);
  return state;
}

/** Take over what the address says; what it leaves out stays closed. */
export function readAddress(state: State, model: Model, index: Index): void {
  const address = new URLSearchParams(location.hash.slice(1));
  const node = (name: string): number | undefined => {
    const value = address.get(name);
    return value === null ? undefined : index.resolve(value);
  };
  const chosen = node("node");
  const edge = model.edge(address.get("edge") ?? "");
  state.selection =
    chosen !== undefined ? { kind: "node", index: chosen }
    : edge !== undefined ? { kind: "edge", index: edge }
    : null;
  const focus = node("focus");
  const depth = Math.min(3, Math.max(1, Number(address.get("depth")) || 1));
  state.focus = focus === undefined ? null : { node: focus, depth };
  const from = node("from");
  const to = node("to");
  state.path = from === undefined && to === undefined ? null : { from: from ?? -1, to: to ?? -1 };
  const language = address.get("lang");
  if (language === "zh" || language === "en") state.language = language;
  const theme = address.get("theme");
  if (theme === "light" || theme === "dark") state.theme = theme;
}

export function writeAddress(state: State, model: Model): void {
  const { nodes, edges } = model.data;
  const address = new URLSearchParams();
  if (state.selection?.kind === "node") address.set("node", nodes.id[state.selection.index]);
  if (state.selection?.kind === "edge") address.set("edge", edges.id[state.selection.index]);
  if (state.focus) {
    address.set("focus", nodes.id[state.focus.node]);
    address.set("depth", String(state.focus.depth));
  }
  if (state.path && state.path.from >= 0) address.set("from", nodes.id[state.path.from]);
  if (state.path && state.path.to >= 0) address.set("to", nodes.id[state.path.to]);
  const kept = new URLSearchParams(location.hash.slice(1));
  for (const name of ["lang", "theme"]) if (kept.has(name)) address.set(name, kept.get(name)!);
  const text = address.toString();
  if (text !== location.hash.slice(1)) history.replaceState(null, "", text ? `#${text}` : location.pathname + location.search);
}

/** Keep a choice of language or theme in the address, where a link carries it along. */
export function keepInAddress(name: "lang" | "theme", value: string): void {
  const address = new URLSearchParams(location.hash.slice(1));
  address.set(name, value);
  history.replaceState(null, "", `#${address}`);
}
