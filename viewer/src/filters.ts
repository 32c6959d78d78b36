// Which edges and nodes are shown.

import type { Model } from "./data";

export interface Filters {
  hiddenEntityTypes: Set<number>;
  hiddenRelationTypes: Set<number>;
  hiddenStatuses: Set<number>;
  hiddenSources: Set<number>;
  minimumDocuments: number;
  /** Months YYYY-MM, both included; null is open. */
  from: string | null;
  to: string | null;
  undated: boolean;
  isolated: boolean;
}

export interface Focus { node: number; depth: number }

export function noFilters(): Filters {
  return {
    hiddenEntityTypes: new Set(), hiddenRelationTypes: new Set(), hiddenStatuses: new Set(), hiddenSources: new Set(),
    minimumDocuments: 1, from: null, to: null, undated: true, isolated: false,
  };
}

export interface Shown { nodes: Uint8Array; edges: Uint8Array; nodeCount: number; edgeCount: number }

/** A date that may stop at the year or month, as the first or last month it can mean. */
const firstMonth = (date: string): string => (date.length < 7 ? `${date}-01` : date.slice(0, 7));
const lastMonth = (date: string): string => (date.length < 7 ? `${date}-12` : date.slice(0, 7));

export function shown(model: Model, filters: Filters, focus: Focus | null, always: number[]): Shown {
  const { nodes, edges } = model.data;
  const edgeShown = new Uint8Array(model.edgeCount);
  for (let edge = 0; edge < model.edgeCount; edge += 1) {
    edgeShown[edge] = Number(
      !filters.hiddenRelationTypes.has(edges.type[edge]) &&
      !filters.hiddenStatuses.has(edges.status[edge]) &&
      !filters.hiddenEntityTypes.has(nodes.type[edges.head[edge]]) &&
      !filters.hiddenEntityTypes.has(nodes.type[edges.tail[edge]]) &&
      edges.documents[edge] >= filters.minimumDocuments &&
      inPeriod(model, edge, filters) &&
      (filters.hiddenSources.size === 0 || model.sourcesOf[edge].some((source) => !filters.hiddenSources.has(source))),
    );
  }
  const near = focus ? within(model, edgeShown, focus) : null;
  const nodeShown = new Uint8Array(model.nodeCount);
  for (let edge = 0; edge < model.edgeCount; edge += 1) {
    const head = edges.head[edge];
    const tail = edges.tail[edge];
    if (near && !(near[head] && near[tail])) edgeShown[edge] = 0;
    if (edgeShown[edge]) nodeShown[head] = nodeShown[tail] = 1;
  }
  if (filters.isolated && !near) {
    for (let node = 0; node < model.nodeCount; node += 1) {
      if (model.edgesOf[node].length === 0 && !filters.hiddenEntityTypes.has(nodes.type[node])) nodeShown[node] = 1;
    }
  }
  for (const node of always) nodeShown[node] = 1;
  return { nodes: nodeShown, edges: edgeShown, nodeCount: sum(nodeShown), edgeCount: sum(edgeShown) };
}

function inPeriod(model: Model, edge: number, filters: Filters): boolean {
  const period = model.period[edge];
  if (!period) return filters.undated;
  return (!filters.to || firstMonth(period.first) <= filters.to) &&
    (!filters.from || lastMonth(period.last) >= filters.from);
}

function within(model: Model, edgeShown: Uint8Array, focus: Focus): Uint8Array {
  const near = new Uint8Array(model.nodeCount);
  near[focus.node] = 1;
  let front = [focus.node];
  for (let step = 0; step < focus.depth; step += 1) {
    const next: number[] = [];
    for (const node of front) {
      for (const edge of model.edgesOf[node]) {
        const other = model.otherEnd(edge, node);
        if (edgeShown[edge] && !near[other]) {
          near[other] = 1;
          next.push(other);
        }
      }
    }
    front = next;
  }
  return near;
}

/** A shortest way between two nodes over shown edges, whatever their direction; null if there is none. */
export function shortestPath(model: Model, edgeShown: Uint8Array, from: number, to: number): number[] | null {
  const by = new Map<number, number>([[from, -1]]);
  let front = [from];
  while (front.length && !by.has(to)) {
    const next: number[] = [];
    for (const node of front) {
      for (const edge of model.edgesOf[node]) {
        const other = model.otherEnd(edge, node);
        if (edgeShown[edge] && !by.has(other)) {
          by.set(other, edge);
          next.push(other);
        }
      }
    }
    front = next;
  }
  if (!by.has(to)) return null;
  const path: number[] = [];
  for (let node = to; node !== from;) {
    const edge = by.get(node)!;
    path.unshift(edge);
    node = model.otherEnd(edge, node);
  }
  return path;
}

const sum = (flags: Uint8Array): number => flags.reduce((total, flag) => total + flag, 0);
