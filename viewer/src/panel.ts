// The right side: an entity with its relations, a relation with its sentences, or a path.

import type { Claim, Model } from "./data";
import { h, replaceChildren } from "./dom";
import { shortestPath, type Shown } from "./filters";
import { relationColour } from "./palette";
import type { Index } from "./search";
import { entityField } from "./sidebar";
import type { State } from "./state";
import type { Word, Words } from "./words";

export interface PanelActions {
  chooseNode: (node: number) => void;
  chooseEdge: (edge: number) => void;
  /** Point at an edge while the pointer is on its row. */
  pointEdge: (edge: number | null) => void;
  focus: (node: number, depth: number) => void;
  unfocus: () => void;
  openPath: (from: number, to: number) => void;
  close: () => void;
  closePath: () => void;
}

const FIRST_SENTENCES = 12;

export class Panel {
  readonly element = h("aside", { class: "panel", tabindex: "-1" });
  private all = -1;

  constructor(
    private readonly model: Model, private readonly index: Index, private readonly words: Words, private readonly state: State,
    private readonly actions: PanelActions,
  ) {}

  /** The edges of the path that is asked for and can be found. */
  path(shown: Shown): number[] | null {
    const { path } = this.state;
    if (!path || path.from < 0 || path.to < 0 || path.from === path.to) return null;
    return shortestPath(this.model, shown.edges, path.from, path.to);
  }

  draw(shown: Shown): void {
    const { selection, path } = this.state;
    const content = [
      path ? this.pathCard(shown) : null,
      selection?.kind === "node" ? this.nodeCard(selection.index, shown) : null,
      selection?.kind === "edge" ? this.edgeCard(selection.index) : null,
    ];
    this.element.hidden = !path && !selection;
    replaceChildren(this.element, content);
  }

  private closeButton(action: () => void): HTMLElement {
    const label = this.words.word("close");
    return h("button", { type: "button", class: "close", title: `${label} (Esc)`, "aria-label": label, on: { click: action } }, "×");
  }

  private entity(node: number): HTMLElement {
    const { nodes, entityTypes } = this.model.data;
    return h("button", { type: "button", class: "entity", on: { click: () => this.actions.chooseNode(node) } },
      h("span", { class: "dot", colour: entityTypes[nodes.type[node]].colour }), nodes.name[node]);
  }

  private badge(status: number): HTMLElement | null {
    const name = this.model.data.statuses[status];
    return name === "completed" ? null : h("span", { class: `badge ${name}` }, this.words.value(name));
  }

  private nodeCard(node: number, shown: Shown): HTMLElement {
    const { nodes, entityTypes } = this.model.data;
    const { words, actions, state } = this;
    const type = entityTypes[nodes.type[node]];
    const edges = this.model.edgesOf[node];
    const visible = edges.filter((edge) => shown.edges[edge]);
    const focused = state.focus?.node === node ? state.focus : null;
    const depth = (steps: number): HTMLElement => h("button", {
      type: "button", "aria-pressed": String(focused?.depth === steps), title: `${words.word("depth")}: ${steps}`,
      on: { click: () => actions.focus(node, steps) },
    }, String(steps));
    return h("section", { class: "card node", "data-id": nodes.id[node] },
      this.closeButton(actions.close),
      h("p", { class: "kind" }, h("span", { class: "dot", colour: type.colour }), words.type(type)),
      h("h2", {}, nodes.name[node]),
      nodes.aliases[node].length > 0 && h("p", { class: "aliases" },
        h("span", { class: "label" }, words.word("aliases")), nodes.aliases[node].map((alias) => h("span", { class: "alias" }, alias))),
      h("dl", { class: "facts" },
        this.fact("mentions", words.number(nodes.mentions[node])), this.fact("documents", words.number(nodes.documents[node])),
        this.fact("relationCount", words.number(edges.length)),
        this.sums("raised", nodes.raised[node]), this.sums("invested", nodes.invested[node])),
      h("div", { class: "actions" },
        h("span", { class: "group" }, h("span", {}, words.word("focus")), [1, 2, 3].map(depth)),
        focused && h("button", { type: "button", on: { click: actions.unfocus } }, words.word("unfocus")),
        h("button", { type: "button", on: { click: () => actions.openPath(node, -1) } }, `${words.word("path")}…`),
        this.linkButton()),
      this.relationGroups(node, visible),
      edges.length === 0 && h("p", { class: "quiet" }, words.word("noRelations")),
      visible.length < edges.length && h("p", { class: "quiet" }, words.word("hiddenRelations", edges.length - visible.length)));
  }

  private fact(name: Word, value: string): HTMLElement {
    return h("div", {}, h("dt", {}, this.words.word(name)), h("dd", {}, value));
  }

  private sums(name: Word, sums: Record<string, number>): HTMLElement | null {
    const texts = Object.entries(sums).map(([currency, amount]) => this.words.money(amount, currency));
    return texts.length ? this.fact(name, texts.join(" + ")) : null;
  }

  private linkButton(): HTMLElement {
    const { words } = this;
    const button = h("button", { type: "button", on: { click: () => {
      void navigator.clipboard?.writeText(location.href).then(() => { button.textContent = words.word("copied"); });
    } } }, words.word("copyLink"));
    return button;
  }

  /** The relations of a node by type and direction, best supported first. */
  private relationGroups(node: number, edges: number[]): HTMLElement[] {
    const { edges: table, relationTypes } = this.model.data;
    const groups = new Map<string, number[]>();
    for (const edge of edges) {
      const outward = relationTypes[table.type[edge]].symmetric || table.head[edge] === node;
      const key = `${String(table.type[edge]).padStart(2, "0")} ${outward ? "out" : "in"}`;
      groups.set(key, [...(groups.get(key) ?? []), edge]);
    }
    return [...groups].sort(([a], [b]) => a.localeCompare(b)).map(([key, members]) => {
      const type = relationTypes[Number(key.slice(0, 2))];
      const arrow = type.symmetric ? "↔" : key.endsWith("out") ? "→" : "←";
      members.sort((a, b) => table.documents[b] - table.documents[a] || (table.last[b] ?? "").localeCompare(table.last[a] ?? ""));
      return h("div", { class: "relations" },
        h("h3", { colour: relationColour(relationTypes, table.type[members[0]]) },
          h("span", { class: "arrow" }, arrow), this.words.type(type), h("small", {}, this.words.number(members.length))),
        h("ul", {}, members.map((edge) => this.relationRow(edge, this.model.otherEnd(edge, node)))));
    });
  }

  private relationRow(edge: number, other: number): HTMLElement {
    const { nodes, edges, entityTypes } = this.model.data;
    const { words, actions } = this;
    const amount = edges.amount[edge];
    const point = (on: boolean) => () => actions.pointEdge(on ? edge : null);
    return h("li", {}, h("button", {
      type: "button", class: "relation", "data-id": edges.id[edge],
      on: { click: () => actions.chooseEdge(edge), mouseenter: point(true), mouseleave: point(false), focus: point(true), blur: point(false) },
    },
      h("span", { class: "dot", colour: entityTypes[nodes.type[other]].colour }),
      h("span", { class: "name" }, nodes.name[other]),
      this.badge(edges.status[edge]),
      amount !== null && h("span", { class: "amount" }, words.money(amount, edges.currency[edge])),
      h("span", { class: "when" }, edges.last[edge] ?? ""),
      edges.documents[edge] > 1 && h("span", { class: "count", title: `${edges.documents[edge]} ${words.word("independent")}` }, `×${edges.documents[edge]}`)));
  }

  private edgeCard(edge: number): HTMLElement {
    const { edges, relationTypes } = this.model.data;
    const { words } = this;
    const type = relationTypes[edges.type[edge]];
    const claims = this.model.claims(edge);
    const count = this.all === edge ? claims.length : FIRST_SENTENCES;
    const amount = edges.amount[edge];
    const dates = [...new Set([edges.first[edge], edges.last[edge]].filter((date) => date !== null))].join(" — ");
    return h("section", { class: "card edge", "data-id": edges.id[edge] },
      this.closeButton(this.actions.close),
      h("p", { class: "kind", title: type.meaning }, h("span", { class: type.symmetric ? "line" : "line arrow", colour: relationColour(relationTypes, edges.type[edge]) }), words.type(type), this.badge(edges.status[edge])),
      h("h2", { class: "ends" }, this.entity(edges.head[edge]), h("span", { class: "arrow" }, type.symmetric ? "↔" : "→"), this.entity(edges.tail[edge])),
      h("dl", { class: "facts" },
        amount !== null && this.fact("amount", words.money(amount, edges.currency[edge])),
        dates && this.fact("date", dates)),
      h("div", { class: "actions" }, this.linkButton()),
      h("h3", {}, words.word("sentences"),
        h("small", {}, `${words.number(edges.documents[edge])} ${words.word("independent")} · ${words.number(claims.length)} ${words.word("claims")}`)),
      claims.slice(0, count).map((claim) => this.evidence(claim, edge)),
      claims.length > count && h("button", { type: "button", on: { click: () => {
        this.all = edge;
        this.element.querySelector(".card.edge")!.replaceWith(this.edgeCard(edge));
      } } }, `${words.word("more")} (${claims.length - count})`));
  }

  private evidence(claim: Claim, edge: number): HTMLElement {
    const { documents, sources, edges, nodes, entityTypes } = this.model.data;
    const { words } = this;
    const document = claim.document;
    const colours = [edges.head[edge], edges.tail[edge]].map((node) => entityTypes[nodes.type[node]].colour);
    return h("article", { class: "evidence" },
      claim.context.length > 0 && h("p", { class: "context" }, claim.context.join(" … ")),
      h("blockquote", { lang: "zh" }, ...highlighted(claim, colours)),
      h("p", { class: "details" }, this.badge(claim.status), Object.entries(claim.details).map(([name, value]) => this.detail(name, value))),
      h("footer", {},
        h("span", { class: "date" }, documents.date[document] ?? ""), " ", h("cite", {}, documents.title[document] || documents.id[document]),
        documents.copy[document] && h("span", { class: "badge" }, words.word("copy")),
        claim.page !== null && h("span", {}, ` ${words.word("page", claim.page)}`),
        h("small", { title: documents.id[document] }, sources[documents.source[document]]),
        h("small", { title: claim.by }, `${words.word("confidence")} ${claim.confidence.toFixed(2)}`)));
  }

  private detail(name: string, value: string | number): HTMLElement {
    const label = this.words.word(name as Word);
    const text = name === "action" ? this.words.value(String(value)) : name === "stake" ? `${value}%` : String(value);
    return h("span", { class: "detail" }, h("span", { class: "label" }, label), text);
  }

  private pathCard(shown: Shown): HTMLElement {
    const { words, model, state, actions } = this;
    const { nodes, edges, relationTypes } = model.data;
    const ends = state.path!;
    const name = (node: number): string => (node < 0 ? "" : nodes.name[node]);
    const path = this.path(shown);
    const ready = ends.from >= 0 && ends.to >= 0 && ends.from !== ends.to;
    const steps: HTMLElement[] = [];
    let at = ends.from;
    for (const edge of path ?? []) {
      const type = relationTypes[edges.type[edge]];
      const arrow = type.symmetric ? "↔" : edges.head[edge] === at ? "↓" : "↑";
      steps.push(h("li", {}, this.entity(at)));
      steps.push(h("li", { class: "step" }, h("button", {
        type: "button", class: "relation", "data-id": edges.id[edge], colour: relationColour(relationTypes, edges.type[edge]),
        on: { click: () => actions.chooseEdge(edge) },
      }, h("span", { class: "arrow" }, arrow), words.type(type), this.badge(edges.status[edge]), h("span", { class: "when" }, edges.last[edge] ?? ""))));
      at = model.otherEnd(edge, at);
    }
    if (path) steps.push(h("li", {}, this.entity(at)));
    return h("section", { class: "card path" },
      this.closeButton(actions.closePath),
      h("h2", {}, words.word("pathTitle")),
      entityField(this.index, model, words, words.word("pathFrom"), name(ends.from), (node) => actions.openPath(node, ends.to)),
      entityField(this.index, model, words, words.word("pathTo"), name(ends.to), (node) => actions.openPath(ends.from, node)),
      !ready && h("p", { class: "quiet" }, words.word("pathChoose")),
      ready && !path && h("p", { class: "quiet" }, words.word("pathNone")),
      path && h("p", { class: "quiet" }, `${path.length} ${words.word("steps")}`),
      path && h("ol", { class: "steps" }, steps));
  }
}

/** The sentence with its two names and its amount marked. Offsets count code points, as Python does. */
function highlighted(claim: Claim, colours: string[]): (Node | string)[] {
  const characters = Array.from(claim.sentence);
  const marks: { start: number; end: number; colour: string | null }[] = [];
  if (claim.head) marks.push({ start: claim.head[0], end: claim.head[1], colour: colours[0] });
  if (claim.tail) marks.push({ start: claim.tail[0], end: claim.tail[1], colour: colours[1] });
  const amount = Array.from(String(claim.details.amount ?? ""));
  if (amount.length) {
    const start = characters.findIndex((_, at) => amount.every((character, i) => characters[at + i] === character));
    if (start >= 0) marks.push({ start, end: start + amount.length, colour: null });
  }
  marks.sort((a, b) => a.start - b.start);
  const parts: (Node | string)[] = [];
  let at = 0;
  for (const mark of marks) {
    if (mark.start < at) continue;
    parts.push(characters.slice(at, mark.start).join(""));
    parts.push(h("mark", { class: mark.colour ? "" : "number", colour: mark.colour ?? undefined }, characters.slice(mark.start, mark.end).join("")));
    at = mark.end;
  }
  parts.push(characters.slice(at).join(""));
  return parts;
}
