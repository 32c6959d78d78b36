// The picture: sigma draws what is shown, and says what was pointed at.

import { MultiGraph } from "graphology";
import Sigma from "sigma";
import { createEdgeCurveProgram } from "@sigma/edge-curve";
import { createEdgeArrowProgram, EdgeRectangleProgram, type EdgeProgramType } from "sigma/rendering";
import type { Settings } from "sigma/settings";
import type { EdgeDisplayData, NodeDisplayData } from "sigma/types";

import type { Model } from "./data";
import type { Shown } from "./filters";
import { mix, relationColour, SHADES, type Shades } from "./palette";
import type { Selection, Theme } from "./state";

interface NodeAttributes { x: number; y: number; size: number; label: string; color: string; index: number }
interface EdgeAttributes { size: number; color: string; type: string; curvature: number; index: number }

/** Nodes and edges that stand out; everything else is dimmed. */
export interface Emphasis { nodes: Set<number>; edges: Set<number> }

export interface SceneEvents {
  clickNode: (node: number) => void;
  clickEdge: (edge: number) => void;
  clickNothing: () => void;
  openNode: (node: number) => void;
}

/** From here on drawing is kept cheap. */
const MANY_EDGES = 3000;
const ARROW = { extremity: "target" as const, lengthToThicknessRatio: 2.5, widenessToThicknessRatio: 2 };
const FONT = '"PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", system-ui, sans-serif';

export class Scene {
  readonly renderer: Sigma<NodeAttributes, EdgeAttributes>;
  private shown!: Shown;
  private emphasis: Emphasis | null = null;
  private hovered: Emphasis | null = null;
  private selection: Selection = null;
  private shades: Shades = SHADES.light;
  /** So many edges are shown that they are drawn as plain lines. */
  private plain = false;
  private theme: Theme = "light";
  /** By theme, then relation type. */
  private readonly edgeColours: Record<Theme, string[]>;
  /** Where this frame has labels already. */
  private labels: [number, number, number, number][] = [];
  private relationName: (edge: number) => string = () => "";
  /** Width in pixels that panels cover on the right. */
  covered = 0;

  constructor(private readonly container: HTMLElement, private readonly model: Model, shown: Shown, events: SceneEvents) {
    this.setShown(shown);
    const strength = model.edgeCount > MANY_EDGES ? 0.32 : 0.62;
    const types = model.data.relationTypes;
    const colours = (theme: Theme): string[] =>
      types.map((_, type) => mix(relationColour(types, type), SHADES[theme].background, strength));
    this.edgeColours = { light: colours("light"), dark: colours("dark") };
    const settings: Partial<Settings<NodeAttributes, EdgeAttributes>> = {
      nodeReducer: (_, data) => this.drawnNode(data),
      edgeReducer: (_, data) => this.drawnEdge(data),
      defaultDrawNodeLabel: (context, data, options) => this.drawLabel(context, data, options.labelSize, false),
      defaultDrawNodeHover: (context, data, options) => this.drawLabel(context, data, options.labelSize, true),
      edgeProgramClasses: {
        line: EdgeRectangleProgram as EdgeProgramType<NodeAttributes, EdgeAttributes>,
        arrow: createEdgeArrowProgram<NodeAttributes, EdgeAttributes>(),
        curve: createEdgeCurveProgram<NodeAttributes, EdgeAttributes>(),
        curvedArrow: createEdgeCurveProgram<NodeAttributes, EdgeAttributes>({ arrowHead: ARROW }),
      },
      labelFont: FONT, edgeLabelFont: FONT, labelSize: 12, edgeLabelSize: 11,
      labelDensity: 2, labelGridCellSize: 100, labelRenderedSizeThreshold: 4,
      // Sigma finds edges by drawing them once more; where they are many, only clicks find them, by geometry.
      renderEdgeLabels: true, enableEdgeEvents: model.edgeCount <= MANY_EDGES, zIndex: true,
      // Thousands of edges cannot keep up with the pointer on weak graphics; they return when it rests.
      hideEdgesOnMove: model.edgeCount > MANY_EDGES,
      minCameraRatio: 0.02, maxCameraRatio: 4, stagePadding: 40, zoomDuration: 200,
      minEdgeThickness: 0.6, allowInvalidContainer: true,
    };
    this.renderer = new Sigma(this.graph(), container, settings);
    this.listen(events);
    this.fit(false);
  }

  private graph(): MultiGraph<NodeAttributes, EdgeAttributes> {
    const graph = new MultiGraph<NodeAttributes, EdgeAttributes>();
    const { nodes, edges, entityTypes, relationTypes } = this.model.data;
    const many = this.model.edgeCount > MANY_EDGES;
    const scale = Math.min(1, Math.sqrt(900 / this.model.nodeCount));
    for (let node = 0; node < this.model.nodeCount; node += 1) {
      const degree = this.model.edgesOf[node].length;
      graph.addNode(String(node), {
        x: nodes.x[node], y: -nodes.y[node], index: node, label: nodes.name[node],
        size: scale * Math.min(20, 3.2 + 1.9 * Math.sqrt(degree)),
        color: entityTypes[nodes.type[node]].colour,
      });
    }
    const curvatures = this.curvatures();
    for (let edge = 0; edge < this.model.edgeCount; edge += 1) {
      const symmetric = relationTypes[edges.type[edge]].symmetric;
      const curved = curvatures[edge] !== 0;
      const attributes: EdgeAttributes = {
        index: edge, curvature: curvatures[edge],
        size: (many ? 0.7 : 1) * Math.min(5.5, 2.2 + 0.8 * Math.log2(edges.documents[edge] || 1)),
        color: this.edgeColours.light[edges.type[edge]],
        type: symmetric ? (curved ? "curve" : "line") : curved ? "curvedArrow" : "arrow",
      };
      graph.addEdgeWithKey(String(edge), String(edges.head[edge]), String(edges.tail[edge]), attributes);
    }
    return graph;
  }

  /** Parallel edges bend apart; a single one is straight. */
  private curvatures(): Float32Array {
    const { head, tail } = this.model.data.edges;
    const parallel = new Map<string, number[]>();
    head.forEach((from, edge) => {
      const key = from < tail[edge] ? `${from} ${tail[edge]}` : `${tail[edge]} ${from}`;
      const group = parallel.get(key);
      if (group) group.push(edge);
      else parallel.set(key, [edge]);
    });
    const curvatures = new Float32Array(this.model.edgeCount);
    for (const group of parallel.values()) {
      group.forEach((edge, place) => {
        const bend = (place - (group.length - 1) / 2) * 0.22;
        // The bend is seen from the head, so an edge the other way round bends to the other side.
        curvatures[edge] = group.length === 1 ? 0 : (head[edge] < tail[edge] ? bend : -bend) || 0.0001;
      });
    }
    return curvatures;
  }

  private listen(events: SceneEvents): void {
    const { renderer } = this;
    renderer.on("beforeRender", () => { this.labels = []; });
    renderer.on("clickNode", ({ node }) => events.clickNode(Number(node)));
    renderer.on("clickEdge", ({ edge }) => events.clickEdge(Number(edge)));
    renderer.on("clickStage", ({ event }) => {
      const edge = this.edgeNear(event.x, event.y);
      if (edge === null) events.clickNothing();
      else events.clickEdge(edge);
    });
    renderer.on("doubleClickNode", ({ node, preventSigmaDefault }) => {
      preventSigmaDefault();
      events.openNode(Number(node));
    });
    const point = (emphasis: Emphasis | null): void => {
      this.container.classList.toggle("pointing", emphasis !== null);
      this.hovered = emphasis;
      renderer.refresh({ skipIndexation: true });
    };
    renderer.on("enterNode", ({ node }) => point(this.around(Number(node))));
    renderer.on("leaveNode", () => point(null));
    renderer.on("enterEdge", ({ edge }) => point(this.ends(Number(edge))));
    renderer.on("leaveEdge", () => point(null));
  }

  /** The nearest edge within a few pixels: edges are thin, and hands are not that steady. */
  private edgeNear(x: number, y: number): number | null {
    const places = this.model.data.nodes.id.map((_, node) =>
      this.renderer.framedGraphToViewport(this.renderer.getNodeDisplayData(String(node))!));
    const { head, tail } = this.model.data.edges;
    let nearest: number | null = null;
    let best = 6;
    for (let edge = 0; edge < this.model.edgeCount; edge += 1) {
      if (!this.shown.edges[edge]) continue;
      const [a, b] = [places[head[edge]], places[tail[edge]]];
      const length = (b.x - a.x) ** 2 + (b.y - a.y) ** 2 || 1;
      const along = Math.max(0, Math.min(1, ((x - a.x) * (b.x - a.x) + (y - a.y) * (b.y - a.y)) / length));
      const distance = Math.hypot(a.x + along * (b.x - a.x) - x, a.y + along * (b.y - a.y) - y);
      if (distance < best) [nearest, best] = [edge, distance];
    }
    return nearest;
  }

  /** A node with its shown relations. */
  around(node: number): Emphasis {
    const edges = this.model.edgesOf[node].filter((edge) => this.shown.edges[edge]);
    return { nodes: new Set([node, ...edges.map((edge) => this.model.otherEnd(edge, node))]), edges: new Set(edges) };
  }

  /** An edge with its two ends. */
  ends(edge: number): Emphasis {
    const { head, tail } = this.model.data.edges;
    return { nodes: new Set([head[edge], tail[edge]]), edges: new Set([edge]) };
  }

  /** Say what is shown, before asking what stands around a node; `update` draws it. */
  setShown(shown: Shown): void {
    this.shown = shown;
    this.plain = shown.edgeCount > MANY_EDGES;
  }

  update(emphasis: Emphasis | null, selection: Selection, theme: Theme, name: (edge: number) => string): void {
    Object.assign(this, { emphasis, selection, shades: SHADES[theme], theme, relationName: name });
    this.renderer.setSetting("edgeLabelColor", { color: this.shades.label });
    this.renderer.refresh();
  }

  /** Draw attention to something without choosing it; null ends it. */
  point(emphasis: Emphasis | null): void {
    this.hovered = emphasis;
    this.renderer.refresh({ skipIndexation: true });
  }

  private drawnNode(data: NodeAttributes): Partial<NodeDisplayData> {
    const { index } = data;
    if (!this.shown.nodes[index]) return { ...data, hidden: true };
    const emphasis = this.hovered ?? this.emphasis;
    const chosen = this.selection?.kind === "node" && this.selection.index === index;
    if (emphasis && !emphasis.nodes.has(index)) {
      return { ...data, color: this.shades.dimNode, label: "", zIndex: 0, highlighted: false };
    }
    const few = emphasis !== null && emphasis.nodes.size <= 40;
    return { ...data, zIndex: emphasis ? 2 : 1, highlighted: chosen, forceLabel: chosen || few, size: chosen ? data.size * 1.25 : data.size };
  }

  private drawnEdge(data: EdgeAttributes): Partial<EdgeDisplayData> & { curvature: number } {
    const { index } = data;
    if (!this.shown.edges[index]) return { ...data, hidden: true };
    const emphasis = this.hovered ?? this.emphasis;
    const { relationTypes, edges } = this.model.data;
    // Among thousands of edges arrows and bends cannot be seen, and cost as much as the lines.
    if (this.plain) data = { ...data, type: "line" };
    const important = relationTypes[edges.type[index]].core ? 1 : 0;
    if (!emphasis) return { ...data, color: this.edgeColours[this.theme][edges.type[index]], zIndex: important };
    if (!emphasis.edges.has(index)) return { ...data, color: this.shades.dimEdge, zIndex: 0 };
    const labelled = emphasis.edges.size <= 8;
    return {
      ...data, zIndex: 2, size: data.size + 0.8, color: relationColour(relationTypes, edges.type[index]),
      label: labelled ? this.relationName(index) : "", forceLabel: labelled,
    };
  }

  private drawLabel(context: CanvasRenderingContext2D, data: Partial<NodeDisplayData> & { x: number; y: number }, size: number, hovered: boolean): void {
    if (!data.label) return;
    const text = data.label.length > 24 && !hovered ? `${data.label.slice(0, 23)}…` : data.label;
    const radius = data.size ?? 4;
    const pixels = size + Math.min(4, Math.max(0, (radius - 6) / 3));
    context.font = `${hovered ? 600 : 500} ${pixels}px ${FONT}`;
    const left = data.x + radius + 4;
    const middle = data.y + pixels / 3;
    if (!hovered && !this.claimRoom(left, data.y - pixels / 2, context.measureText(text).width, pixels)) return;
    if (hovered) {
      const width = context.measureText(text).width;
      context.fillStyle = this.shades.card;
      context.shadowColor = "rgba(0, 0, 0, 0.35)";
      context.shadowBlur = 8;
      context.beginPath();
      context.roundRect(left - 5, data.y - pixels * 0.85, width + 10, pixels * 1.7, 5);
      context.fill();
      context.shadowBlur = 0;
      context.strokeStyle = data.color ?? this.shades.label;
      context.lineWidth = 2;
      context.beginPath();
      context.arc(data.x, data.y, radius + 2.5, 0, 2 * Math.PI);
      context.stroke();
    } else {
      context.strokeStyle = this.shades.halo;
      context.lineWidth = 3;
      context.lineJoin = "round";
      context.strokeText(text, left, middle);
    }
    context.fillStyle = this.shades.label;
    context.fillText(text, left, middle);
  }

  /** Whether a label has room of its own in this frame; sigma offers the important ones first. */
  private claimRoom(left: number, top: number, width: number, height: number): boolean {
    const [right, bottom] = [left + width, top + height];
    if (this.labels.some(([l, t, r, b]) => left < r && right > l && top < b && bottom > t)) return false;
    this.labels.push([left, top, right, bottom]);
    return true;
  }

  /** Let the shown nodes fill the window. */
  fit(animated = true): void {
    const { x, y } = this.model.data.nodes;
    const box = { x: [Infinity, -Infinity], y: [Infinity, -Infinity] } as { x: [number, number]; y: [number, number] };
    for (let node = 0; node < this.model.nodeCount; node += 1) {
      if (!this.shown.nodes[node]) continue;
      box.x = [Math.min(box.x[0], x[node]), Math.max(box.x[1], x[node])];
      box.y = [Math.min(box.y[0], -y[node]), Math.max(box.y[1], -y[node])];
    }
    if (box.x[0] > box.x[1]) return;
    const room = 0.5;
    this.renderer.setCustomBBox({ x: [box.x[0] - room, box.x[1] + room], y: [box.y[0] - room, box.y[1] + room] });
    this.renderer.refresh();
    const whole = this.shifted({ x: 0.5, y: 0.5, ratio: 1.02 });
    if (animated) void this.renderer.getCamera().animate(whole, { duration: 300 });
    else this.renderer.getCamera().setState(whole);
  }

  /** Bring nodes into view, close enough to read them. */
  show(nodes: Iterable<number>): void {
    const places = [...nodes].map((node) => this.renderer.getNodeDisplayData(String(node))).filter((place) => place !== undefined);
    if (!places.length) return;
    const xs = places.map((place) => place.x);
    const ys = places.map((place) => place.y);
    const extent = Math.max(Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys));
    const closest = Math.max(0.05, Math.min(0.6, 6 / Math.sqrt(this.model.nodeCount)));
    const ratio = Math.max(extent * 1.6, Math.min(this.renderer.getCamera().ratio, closest));
    const middle = { x: (Math.max(...xs) + Math.min(...xs)) / 2, y: (Math.max(...ys) + Math.min(...ys)) / 2, ratio };
    void this.renderer.getCamera().animate(this.shifted(middle), { duration: 350 });
  }

  /** The same view, with its middle in the part that no panel covers. */
  private shifted(view: { x: number; y: number; ratio: number }): { x: number; y: number; ratio: number } {
    const { width, height } = this.renderer.getDimensions();
    return { ...view, x: view.x + (this.covered / 2 / Math.min(width, height)) * view.ratio };
  }

  zoom(direction: 1 | -1): void {
    const camera = this.renderer.getCamera();
    void (direction > 0 ? camera.animatedZoom({ duration: 150 }) : camera.animatedUnzoom({ duration: 150 }));
  }

  pan(x: number, y: number): void {
    const camera = this.renderer.getCamera();
    const { ratio } = camera;
    void camera.animate({ x: camera.x + 0.12 * ratio * x, y: camera.y - 0.12 * ratio * y }, { duration: 100 });
  }

  /** Where a node is on the page, in pixels of the window. */
  place(node: number): { x: number; y: number } {
    const data = this.renderer.getNodeDisplayData(String(node))!;
    const place = this.renderer.framedGraphToViewport(data);
    const { left, top } = this.container.getBoundingClientRect();
    return { x: left + place.x, y: top + place.y };
  }

  /** Whether a panel lies over a node. */
  isCovered(node: number): boolean {
    const { right } = this.container.getBoundingClientRect();
    return this.place(node).x > right - this.covered;
  }

  /** The picture as it is on the screen, as a PNG. */
  picture(): Promise<Blob | null> {
    const { width, height } = this.renderer.getDimensions();
    const canvas = document.createElement("canvas");
    const ratio = window.devicePixelRatio || 1;
    canvas.width = width * ratio;
    canvas.height = height * ratio;
    const context = canvas.getContext("2d")!;
    context.fillStyle = this.shades.background;
    context.fillRect(0, 0, canvas.width, canvas.height);
    // WebGL buffers are gone after a frame: render, and copy at once.
    this.renderer.refresh();
    for (const layer of Object.values(this.renderer.getCanvases())) {
      context.drawImage(layer, 0, 0, canvas.width, canvas.height);
    }
    return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  }
}
