// The left side: search, and everything that narrows what is shown.

import type { Model } from "./data";
import { h, replaceChildren, svg } from "./dom";
import type { Shown } from "./filters";
import { relationColour } from "./palette";
import type { Hit, Index } from "./search";
import type { State } from "./state";
import type { Words } from "./words";

/** A text field that offers matching entities; used for search and for the ends of a path. */
export function entityField(
  index: Index, model: Model, words: Words, label: string, value: string, choose: (node: number) => void,
): HTMLElement {
  const list = h("ul", { class: "hits", role: "listbox", id: `hits-${Math.random().toString(36).slice(2)}` });
  let hits: Hit[] = [];
  let active = 0;
  const pick = (hit: Hit | undefined): void => {
    if (!hit) return;
    input.value = model.data.nodes.name[hit.node];
    close();
    choose(hit.node);
  };
  const close = (): void => {
    hits = [];
    list.replaceChildren();
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
  };
  const offer = (): void => {
    hits = index.find(input.value);
    active = 0;
    list.hidden = !input.value.trim();
    input.setAttribute("aria-expanded", String(!list.hidden));
    if (hits.length) replaceChildren(list, hits.map((hit, place) => hitRow(hit, place)));
    else replaceChildren(list, h("li", { class: "nothing" }, words.word("noResult")));
  };
  const hitRow = (hit: Hit, place: number): HTMLElement => {
    const { nodes, entityTypes } = model.data;
    const type = entityTypes[nodes.type[hit.node]];
    const other = hit.matched !== nodes.name[hit.node];
    return h("li", {
      role: "option", class: place === active ? "active" : "", "aria-selected": String(place === active),
      on: { mousedown: ((event: Event) => { event.preventDefault(); pick(hit); }) as EventListener },
    },
      h("span", { class: "dot", colour: type.colour }),
      h("span", { class: "name" }, nodes.name[hit.node], other && h("small", {}, ` ${hit.matched}`)),
      h("small", { class: "type" }, words.type(type)));
  };
  const move = (by: number): void => {
    active = (active + by + hits.length) % hits.length;
    list.querySelectorAll("li").forEach((row, place) => {
      row.classList.toggle("active", place === active);
      row.setAttribute("aria-selected", String(place === active));
      if (place === active) row.scrollIntoView({ block: "nearest" });
    });
  };
  const input = h("input", {
    type: "search", placeholder: label, "aria-label": label, role: "combobox", autocomplete: "off", spellcheck: "false",
    "aria-controls": list.id, "aria-expanded": "false",
    on: {
      input: offer,
      focus: () => { if (input.value.trim() && input.value !== value) offer(); },
      blur: close,
      keydown: ((event: KeyboardEvent) => {
        if (event.isComposing) return;  // a Chinese input method uses the same keys
        if (event.key === "ArrowDown" && hits.length) move(1);
        else if (event.key === "ArrowUp" && hits.length) move(-1);
        else if (event.key === "Enter") pick(hits[active]);
        else if (event.key === "Escape") { if (list.hidden) input.blur(); else close(); }
        else return;
        event.preventDefault();
        event.stopPropagation();
      }) as EventListener,
    },
  });
  input.value = value;
  list.hidden = true;
  return h("div", { class: "field" }, input, list);
}

export class Sidebar {
  readonly element = h("aside", { class: "sidebar" });
  private summary = h("p", { class: "summary", "aria-live": "polite" });

  constructor(
    private readonly model: Model, private readonly index: Index, private readonly words: Words,
    private readonly state: State,
    private readonly choose: (node: number) => void, private readonly changed: () => void, private readonly reset: () => void,
  ) {
    this.draw();
  }

  focusSearch(): void {
    const input = this.element.querySelector<HTMLInputElement>(".search input");
    input?.focus();
    input?.select();
  }

  draw(): void {
    const { words, model } = this;
    const top = this.element.querySelector(".filters")?.scrollTop ?? 0;
    replaceChildren(this.element,
      h("header", {},
        h("h1", {}, model.data.title),
        this.summary),
      h("div", { class: "search" },
        entityField(this.index, model, words, words.word("search"), "", this.choose),
        h("kbd", {}, "/")),
      h("div", { class: "filters" },
        this.types(), this.relations(), this.period(), this.statuses(), this.evidence(), this.sources(),
        this.check(words.word("isolated"), this.state.filters.isolated, (on) => { this.state.filters.isolated = on; }, "isolated"),
        h("button", { class: "reset", type: "button", on: { click: this.reset } }, words.word("reset"))));
    this.element.querySelector(".filters")!.scrollTop = top;
  }

  count(shown: Shown): void {
    const { words, model } = this;
    replaceChildren(this.summary,
      h("b", {}, words.number(shown.nodeCount)), ` / ${words.number(model.nodeCount)} ${words.word("entities")} · `,
      h("b", {}, words.number(shown.edgeCount)), ` / ${words.number(model.edgeCount)} ${words.word("relations")}`);
  }

  private section(title: string, open: boolean, ...content: (HTMLElement | HTMLElement[])[]): HTMLElement {
    return h("details", { open }, h("summary", {}, title), content.flat());
  }

  /** Rows that switch one value on or off; a click on a name with the modifier key leaves only that one. */
  private switches(
    rows: { index: number; name: string; title: string; count: number; mark: HTMLElement | null }[], hidden: Set<number>, group: string,
  ): HTMLElement {
    const change = (index: number, alone: boolean): void => {
      if (alone) {
        hidden.clear();
        for (const row of rows) if (row.index !== index) hidden.add(row.index);
      } else if (hidden.has(index)) hidden.delete(index);
      else hidden.add(index);
      this.draw();
      this.changed();
      this.element.querySelector<HTMLElement>(`[data-key="${group}-${index}"]`)?.focus();
    };
    return h("div", { class: "switches", role: "group" }, rows.map((row) =>
      h("button", {
        type: "button", class: "switch", title: row.title, "aria-pressed": String(!hidden.has(row.index)), "data-key": `${group}-${row.index}`,
        on: { click: ((event: MouseEvent) => change(row.index, event.altKey || event.ctrlKey || event.metaKey)) as EventListener },
      }, row.mark, h("span", { class: "name" }, row.name), h("small", {}, this.words.number(row.count)))));
  }

  private types(): HTMLElement {
    const { nodes, entityTypes } = this.model.data;
    const counts = tally(nodes.type);
    const rows = entityTypes.map((type, index) => ({
      index, name: this.words.type(type), title: type.meaning, count: counts.get(index) ?? 0,
      mark: h("span", { class: "dot", colour: type.colour }),
    })).filter((row) => row.count > 0);
    return this.section(this.words.word("entities"), true, this.switches(rows, this.state.filters.hiddenEntityTypes, "type"));
  }

  private relations(): HTMLElement {
    const { edges, relationTypes } = this.model.data;
    const counts = tally(edges.type);
    const rows = relationTypes.map((type, index) => ({
      index, name: this.words.type(type), title: type.meaning, count: counts.get(index) ?? 0,
      mark: h("span", { class: type.symmetric ? "line" : "line arrow", colour: relationColour(relationTypes, index) }),
    })).filter((row) => row.count > 0);
    return this.section(this.words.word("relations"), true, this.switches(rows, this.state.filters.hiddenRelationTypes, "relation"));
  }

  private statuses(): HTMLElement {
    const { edges, statuses } = this.model.data;
    const counts = tally(edges.status);
    const rows = statuses.map((status, index) => ({
      index, name: this.words.value(status), title: status, count: counts.get(index) ?? 0, mark: null,
    })).filter((row) => row.count > 0);
    return this.section(this.words.word("status"), true, this.switches(rows, this.state.filters.hiddenStatuses, "status"));
  }

  private evidence(): HTMLElement {
    const most = this.model.data.edges.documents.reduce((a, b) => Math.max(a, b), 1);
    const { filters } = this.state;
    const number = h("output", {}, String(filters.minimumDocuments));
    const slider = h("input", {
      type: "range", min: 1, max: Math.max(2, Math.min(most, 20)), value: String(filters.minimumDocuments), disabled: most < 2,
      "aria-label": this.words.word("evidence"), class: "minimum",
      on: { input: () => { filters.minimumDocuments = Number(slider.value); number.textContent = slider.value; this.changed(); } },
    });
    return this.section(this.words.word("evidence"), true, h("div", { class: "slider" }, slider, number));
  }

  private sources(): HTMLElement {
    const { sources } = this.model.data;
    const counts = tally(this.model.sourcesOf.flat());
    const rows = sources.map((source, index) => ({ index, name: source, title: source, count: counts.get(index) ?? 0, mark: null }))
      .filter((row) => row.count > 0).sort((a, b) => b.count - a.count);
    const hidden = this.state.filters.hiddenSources;
    const list = this.switches(rows, hidden, "source");
    const all = (on: boolean) => () => {
      hidden.clear();
      if (!on) for (const row of rows) hidden.add(row.index);
      this.draw();
      this.changed();
    };
    const narrow = h("input", {
      type: "search", placeholder: this.words.word("filterSources"), "aria-label": this.words.word("filterSources"),
      on: { input: () => {
        for (const row of list.querySelectorAll<HTMLElement>(".switch")) {
          row.hidden = !row.textContent!.toLowerCase().includes(narrow.value.toLowerCase());
        }
      } },
    });
    list.classList.add("scroll");
    return this.section(`${this.words.word("sources")} (${rows.length})`, hidden.size > 0,
      h("div", { class: "row" }, narrow,
        h("button", { type: "button", on: { click: all(true) } }, this.words.word("all")),
        h("button", { type: "button", on: { click: all(false) } }, this.words.word("none"))),
      list);
  }

  private check(label: string, checked: boolean, set: (on: boolean) => void, name: string): HTMLElement {
    const box = h("input", { type: "checkbox", name, on: { change: () => { set(box.checked); this.changed(); } } });
    box.checked = checked;
    return h("label", { class: "check" }, box, label);
  }

  /** A histogram of relations by month with two handles. */
  private period(): HTMLElement {
    const { words, model, state: { filters } } = this;
    const known = model.period.filter((period) => period !== null);
    const ends = known.flatMap((period) => [period.first, period.last]).sort();
    if (!ends.length) return h("span");
    const from = month(ends[0]);
    const to = Math.max(from + 1, month(ends[ends.length - 1]));
    const bars = Math.min(48, to - from + 1);
    const counts = new Array<number>(bars).fill(0);
    for (const period of known) counts[Math.floor(((month(period.last) - from) / (to - from + 1)) * bars)] += 1;
    const highest = Math.max(...counts);
    const columns = counts.map((count, bar) => {
      const height = count ? 3 + 37 * Math.sqrt(count / highest) : 0;
      return svg("rect", { x: bar * 10 + 1, y: 40 - height, width: 8, height, rx: 1 });
    });
    const picture = svg("svg", { viewBox: `0 0 ${bars * 10} 40`, preserveAspectRatio: "none", class: "histogram", "aria-hidden": "true" }, ...columns);
    const label = h("output", { class: "period" });
    const show = (): void => {
      const [low, high] = [Number(first.value), Number(last.value)];
      label.textContent = `${text(low)} — ${text(high)}`;
      columns.forEach((column, bar) => {
        const start = from + (bar / bars) * (to - from + 1);
        const end = from + ((bar + 1) / bars) * (to - from + 1);
        column.classList.toggle("outside", end <= low || start > high);
      });
    };
    const handle = (name: string, value: number): HTMLInputElement => {
      const input: HTMLInputElement = h("input", {
        type: "range", min: String(from), max: String(to), value: String(value), "aria-label": `${words.word("period")}: ${name}`, class: name,
        on: { input: () => {
          if (Number(first.value) > Number(last.value)) {
            if (input === first) last.value = first.value;
            else first.value = last.value;
          }
          filters.from = Number(first.value) === from ? null : text(Number(first.value));
          filters.to = Number(last.value) === to ? null : text(Number(last.value));
          show();
          this.changed();
        } },
      });
      return input;
    };
    const first = handle("from", filters.from ? month(filters.from) : from);
    const last = handle("to", filters.to ? month(filters.to) : to);
    show();
    return this.section(words.word("period"), true,
      h("div", { class: "timeline" }, picture as unknown as HTMLElement, h("div", { class: "handles" }, first, last)), label,
      this.check(words.word("undated"), filters.undated, (on) => { filters.undated = on; }, "undated"));
  }
}

/** Months since year 0, of a date that may stop at the year. */
const month = (date: string): number => Number(date.slice(0, 4)) * 12 + (Number(date.slice(5, 7)) || 1) - 1;
const text = (months: number): string => `${Math.floor(months / 12)}-${String((months % 12) + 1).padStart(2, "0")}`;

function tally(values: Iterable<number>): Map<number, number> {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
