// Colours that do not come from the schema: edges by the order of their types, the page by its theme.

import type { RelationTypeInfo } from "./data";
import type { Theme } from "./state";

const CORE = ["#2f9e6e", "#d1495b", "#e08a1e"];
const SUPPORTING = ["#8573b8", "#4f88b5", "#a86f97", "#5f8f7d", "#b9933f", "#7d8996", "#9b7458"];

export function relationColour(types: RelationTypeInfo[], index: number): string {
  const colours = types[index].core ? CORE : SUPPORTING;
  const place = types.slice(0, index).filter((type) => type.core === types[index].core).length;
  return colours[place % colours.length];
}

/** `share` of `colour` over `ground`. Opaque, as overlapping transparent edges would hide what is under them. */
export function mix(colour: string, ground: string, share: number): string {
  const channel = (at: number): string => {
    const [over, under] = [colour, ground].map((text) => parseInt(text.slice(at, at + 2), 16));
    return Math.round(over * share + under * (1 - share)).toString(16).padStart(2, "0");
  };
  return `#${channel(1)}${channel(3)}${channel(5)}`;
}

export interface Shades { background: string; label: string; halo: string; dimNode: string; dimEdge: string; card: string }

export const SHADES: Record<Theme, Shades> = {
  light: {
    background: "#f7f8fa", label: "#1c2430", halo: "rgba(247, 248, 250, 0.9)", dimNode: "#dde1e7", dimEdge: "#eceef2", card: "#ffffff",
  },
  dark: {
    background: "#12161c", label: "#e8ecf1", halo: "rgba(18, 22, 28, 0.9)", dimNode: "#2a313b", dimEdge: "#1b2129", card: "#222933",
  },
};
