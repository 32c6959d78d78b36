// Finding entities by name, alias, pinyin or pinyin initials.

import type { Model } from "./data";

export interface Hit { node: number; matched: string; rank: number }

interface Form { node: number; text: string; folded: string }

/** Width, case, traditional script and spaces folded away, as the builder's own look-up does. */
export function fold(text: string, traditional: Record<string, string>): string {
  const plain = text.normalize("NFKC").toLowerCase().replace(/\s+/g, "");
  return Array.from(plain, (character) => traditional[character] ?? character).join("");
}

export class Index {
  private readonly names: Form[] = [];
  private readonly pinyin: Form[] = [];

  constructor(private readonly model: Model) {
    const { nodes, traditional } = model.data;
    for (let node = 0; node < model.nodeCount; node += 1) {
      for (const text of [nodes.name[node], ...nodes.aliases[node]]) {
        this.names.push({ node, text, folded: fold(text, traditional) });
      }
      for (const text of nodes.pinyin[node]) this.pinyin.push({ node, text: nodes.name[node], folded: text });
    }
  }

  /** Best first: whole name, beginning, inside, pinyin; then by mentions. */
  find(query: string, limit = 12): Hit[] {
    const wanted = fold(query, this.model.data.traditional);
    if (!wanted) return [];
    const best = new Map<number, Hit>();
    const offer = (form: Form, rank: number): void => {
      const known = best.get(form.node);
      if (!known || rank < known.rank) best.set(form.node, { node: form.node, matched: form.text, rank });
    };
    for (const form of this.names) {
      const at = form.folded.indexOf(wanted);
      if (at < 0) continue;
      offer(form, form.folded.length === wanted.length ? 0 : at === 0 ? 1 : 2);
    }
    if (/^[a-z0-9]+$/.test(wanted)) {
      for (const form of this.pinyin) {
        if (form.folded === wanted) offer(form, 1.5);
        else if (form.folded.startsWith(wanted)) offer(form, 3);
      }
    }
    const { mentions } = this.model.data.nodes;
    return [...best.values()]
      .sort((a, b) => a.rank - b.rank || mentions[b.node] - mentions[a.node] || a.node - b.node)
      .slice(0, limit);
  }

  /** The entity that a link means: its id, name or alias. */
  resolve(name: string): number | undefined {
    const hit = this.find(name, 1)[0];
    return this.model.node(name) ?? (hit?.rank === 0 ? hit.node : undefined);
  }
}
