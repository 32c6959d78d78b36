// What kg/exports/html.py embeds in the page, and the model made from it. Tables come as columns; an edge, node,
// document or claim is known by its row number.

export interface EntityTypeInfo { type: string; chinese: string; meaning: string; colour: string }
export interface RelationTypeInfo { type: string; chinese: string; meaning: string; symmetric: boolean; core: boolean }

interface GraphData {
  title: string;
  entityTypes: EntityTypeInfo[];
  relationTypes: RelationTypeInfo[];
  statuses: string[];
  traditional: Record<string, string>;
  nodes: {
    id: string[]; name: string[]; type: number[]; aliases: string[][]; pinyin: string[][];
    x: number[]; y: number[]; mentions: number[]; documents: number[];
    invested: Record<string, number>[]; raised: Record<string, number>[];
  };
  edges: {
    id: string[]; head: number[]; tail: number[]; type: number[]; status: number[];
    first: (string | null)[]; last: (string | null)[]; amount: (number | null)[]; currency: (string | null)[];
    claims: number[][]; documents: number[];
  };
  documents: { id: string[]; title: string[]; date: (string | null)[]; source: number[]; copy: boolean[] };
  sources: string[];
}

interface EvidenceData {
  sentences: string[];
  claims: {
    sentence: number[]; context: number[][]; document: number[]; page: (number | null)[];
    head: ([number, number] | null)[]; tail: ([number, number] | null)[];
    headText: string[]; tailText: string[];
    status: number[]; details: Record<string, string | number>[]; confidence: number[]; by: string[];
  };
}

export interface Claim {
  sentence: string; context: string[];
  head: [number, number] | null; tail: [number, number] | null; headText: string; tailText: string;
  document: number; page: number | null; status: number;
  details: Record<string, string | number>; confidence: number; by: string;
}

export interface Period { first: string; last: string }

function embedded<T>(id: string): T {
  const text = document.getElementById(id)?.textContent;
  if (!text) throw new Error(`The page holds no ${id}`);
  return JSON.parse(text) as T;
}

export class Model {
  readonly data: GraphData;
  readonly nodeCount: number;
  readonly edgeCount: number;
  /** Edges at each node. */
  readonly edgesOf: number[][];
  /** When the facts of an edge happened, or else when they were reported; null where nobody says. */
  readonly period: (Period | null)[];
  /** Sources of an edge, each once. */
  readonly sourcesOf: number[][];
  private readonly byId: Map<string, number>;
  private readonly edgeById: Map<string, number>;
  private evidence: EvidenceData | null = null;
  private readonly claimDocument: number[];

  constructor() {
    this.data = embedded<GraphData>("kg-graph");
    const { nodes, edges, documents } = this.data;
    this.claimDocument = embedded<number[]>("kg-claim-documents");
    this.nodeCount = nodes.id.length;
    this.edgeCount = edges.id.length;
    this.byId = new Map(nodes.id.map((id, index) => [id, index]));
    this.edgeById = new Map(edges.id.map((id, index) => [id, index]));
    this.edgesOf = nodes.id.map(() => []);
    edges.head.forEach((head, edge) => {
      this.edgesOf[head].push(edge);
      if (edges.tail[edge] !== head) this.edgesOf[edges.tail[edge]].push(edge);
    });
    this.period = edges.id.map((_, edge) => {
      if (edges.first[edge]) return { first: edges.first[edge]!, last: edges.last[edge] ?? edges.first[edge]! };
      const dates = edges.claims[edge].map((claim) => documents.date[this.claimDocument[claim]]);
      const known = dates.filter((date): date is string => date !== null).sort();
      return known.length ? { first: known[0], last: known[known.length - 1] } : null;
    });
    this.sourcesOf = edges.claims.map((claims) => [
      ...new Set(claims.map((claim) => documents.source[this.claimDocument[claim]])),
    ]);
  }

  node(id: string): number | undefined {
    return this.byId.get(id);
  }

  edge(id: string): number | undefined {
    return this.edgeById.get(id);
  }

  otherEnd(edge: number, node: number): number {
    const { head, tail } = this.data.edges;
    return head[edge] === node ? tail[edge] : head[edge];
  }

  /** The claims of an edge, best first; the sentences are parsed when first asked for. */
  claims(edge: number): Claim[] {
    this.evidence ??= embedded<EvidenceData>("kg-evidence");
    const { sentences, claims } = this.evidence;
    return this.data.edges.claims[edge].map((claim) => ({
      sentence: sentences[claims.sentence[claim]],
      context: claims.context[claim].map((index) => sentences[index]),
      head: claims.head[claim], tail: claims.tail[claim],
      headText: claims.headText[claim], tailText: claims.tailText[claim],
      document: claims.document[claim], page: claims.page[claim], status: claims.status[claim],
      details: claims.details[claim], confidence: claims.confidence[claim], by: claims.by[claim],
    }));
  }
}
