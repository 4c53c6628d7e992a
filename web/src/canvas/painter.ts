/**
 * Draws one frame. Only what is on screen is drawn, and with as much detail as can be read at the zoom:
 * cards with name, kind and marks; then names alone; then plain blocks.
 */
import type { Standing, TestStanding } from "../document/states";
import { ICONS, type IconName, typeIcon } from "../ui/icons";
import type { Camera, Size } from "./camera";
import type { Inks } from "./inks";
import { cutToFit } from "./labels";
import { COLUMN_GAP, NODE_HEIGHT, NODE_WIDTH } from "./layout/types";
import type { Scene } from "./scene";

const CARD_ZOOM = 0.58;
const NAME_ZOOM = 0.24;
const STEP = NODE_WIDTH + COLUMN_GAP;
const DIM = 0.26;

export interface Frame {
  camera: Camera;
  size: Size;
  ratio: number;
  /** Milliseconds, for what moves; null where motion is not wanted. */
  time: number | null;
}

export class Painter {
  private readonly names = new Map<string, string>();
  private readonly icons = new Map<string, Path2D>();

  constructor(
    private readonly context: CanvasRenderingContext2D,
    private readonly inks: Inks,
  ) {}

  paint(scene: Scene, frame: Frame): void {
    const { context: c } = this;
    const { camera, size, ratio } = frame;
    c.setTransform(ratio, 0, 0, ratio, 0, 0);
    c.fillStyle = this.inks.of("paper");
    c.fillRect(0, 0, size.width, size.height);
    const scale = camera.zoom * ratio;
    c.setTransform(scale, 0, 0, scale, -camera.x * scale, -camera.y * scale);
    this.paintColumns(scene, frame);
    this.paintEdges(scene, frame);
    this.paintNodes(scene, frame);
  }

  /** Faint bands, one per column: tide marks that tell how deep a node stands. */
  private paintColumns({ layout }: Scene, { camera, size }: Frame): void {
    if (camera.zoom < 0.08) return;
    const { context: c } = this;
    c.fillStyle = this.inks.of("rank");
    const first = Math.max(0, Math.floor((camera.x + COLUMN_GAP / 2) / STEP));
    const last = Math.min(
      Math.ceil(layout.width / STEP) - 1,
      Math.floor((camera.x + size.width / camera.zoom + COLUMN_GAP / 2) / STEP),
    );
    for (let column = first; column <= last; column++) {
      if (column % 2) continue;
      c.fillRect(column * STEP - COLUMN_GAP / 2, camera.y, STEP, size.height / camera.zoom);
    }
  }

  private paintEdges(scene: Scene, frame: Frame): void {
    const { context: c } = this;
    const { zoom } = frame.camera;
    const thin = Math.min(1.4, Math.max(0.7, zoom * 1.6)) / zoom;
    c.lineCap = "butt";
    c.strokeStyle = this.inks.of("edge");
    c.lineWidth = thin;
    if (scene.lit) {
      c.globalAlpha = DIM;
      this.strokePieces(scene, frame, 2);
      c.globalAlpha = 1;
    } else {
      this.strokePieces(scene, frame, 0);
    }
    c.strokeStyle = this.inks.of("tide");
    c.lineWidth = thin * 1.5;
    this.strokePieces(scene, frame, 1);
  }

  private strokePieces({ layout, pieceMarks }: Scene, { camera, size }: Frame, mark: number): void {
    const { context: c } = this;
    const { pieces } = layout;
    const right = camera.x + size.width / camera.zoom;
    const bottom = camera.y + size.height / camera.zoom;
    const curved = camera.zoom > 0.1;
    c.beginPath();
    for (let i = 0; i < pieceMarks.length; i++) {
      if (pieceMarks[i] !== mark) continue;
      const x1 = pieces[i * 4]!;
      const y1 = pieces[i * 4 + 1]!;
      const x2 = pieces[i * 4 + 2]!;
      const y2 = pieces[i * 4 + 3]!;
      if (Math.max(x1, x2) < camera.x || Math.min(x1, x2) > right) continue;
      if (Math.max(y1, y2) < camera.y || Math.min(y1, y2) > bottom) continue;
      c.moveTo(x1, y1);
      const middle = (x1 + x2) / 2;
      if (curved && Math.abs(y2 - y1) > 1) c.bezierCurveTo(middle, y1, middle, y2, x2, y2);
      else c.lineTo(x2, y2);
    }
    c.stroke();
  }

  private paintNodes(scene: Scene, frame: Frame): void {
    const { camera, size } = frame;
    const right = camera.x + size.width / camera.zoom;
    const bottom = camera.y + size.height / camera.zoom;
    const { x, y } = scene.layout;
    for (let i = 0; i < scene.nodes.length; i++) {
      if (x[i]! > right || x[i]! + NODE_WIDTH < camera.x) continue;
      if (y[i]! > bottom || y[i]! + NODE_HEIGHT < camera.y) continue;
      const dim = scene.lit !== null && !scene.lit[i] && i !== scene.focus && i !== scene.hover;
      this.context.globalAlpha = dim ? DIM : 1;
      this.paintNode(scene, i, frame);
    }
    this.context.globalAlpha = 1;
    if (scene.focus >= 0) this.paintRing(scene, scene.focus, frame);
  }

  private paintNode(scene: Scene, i: number, frame: Frame): void {
    const { zoom } = frame.camera;
    if (zoom < NAME_ZOOM) return this.paintBlock(scene, i);
    this.paintBody(scene, i, frame);
    if (zoom < CARD_ZOOM) this.paintName(scene, i, zoom);
    else this.paintCard(scene, i);
  }

  private paintBlock(scene: Scene, i: number): void {
    const { context: c } = this;
    c.fillStyle = this.inks.of(scene.colours[i]!);
    c.fillRect(scene.layout.x[i]!, scene.layout.y[i]!, NODE_WIDTH, NODE_HEIGHT);
  }

  private paintBody(scene: Scene, i: number, frame: Frame): void {
    const { context: c } = this;
    const x = scene.layout.x[i]!;
    const y = scene.layout.y[i]!;
    const hollow = scene.shown[i]!.standing === "none";
    c.fillStyle = this.inks.of("surface");
    c.fillRect(x, y, NODE_WIDTH, NODE_HEIGHT);
    if (scene.shown[i]!.standing === "running") this.paintWater(x, y, frame);
    c.strokeStyle = this.inks.of(i === scene.hover ? "tide" : "line-strong");
    c.lineWidth = Math.max(1, 0.75 / frame.camera.zoom);
    c.setLineDash(hollow ? [3, 3] : []);
    c.strokeRect(x, y, NODE_WIDTH, NODE_HEIGHT);
    c.setLineDash([]);
    c.fillStyle = this.inks.of(scene.colours[i]!);
    c.fillRect(x - 0.5, y - 0.5, 5, NODE_HEIGHT + 1);
  }

  /** A running node fills with moving water; without motion it stands half full. */
  private paintWater(x: number, y: number, { time }: Frame): void {
    const { context: c } = this;
    const phase = (time ?? 0) / 420;
    const level = y + NODE_HEIGHT * (0.5 + 0.12 * Math.sin(phase / 3));
    c.fillStyle = this.inks.of("tide-soft");
    c.beginPath();
    c.moveTo(x, y + NODE_HEIGHT);
    for (let step = 0; step <= 12; step++) {
      const along = step / 12;
      const wave = time === null ? 0 : 3 * Math.sin(along * 9 + phase);
      c.lineTo(x + along * NODE_WIDTH, level + wave);
    }
    c.lineTo(x + NODE_WIDTH, y + NODE_HEIGHT);
    c.fill();
  }

  /** Far away: the name alone, as large as the card allows. */
  private paintName(scene: Scene, i: number, zoom: number): void {
    const { context: c } = this;
    const size = Math.min(22, Math.round(9.5 / zoom / 2) * 2);
    c.font = `500 ${size}px ${this.inks.textFont}`;
    c.fillStyle = this.inks.of("ink");
    c.textBaseline = "middle";
    const name = this.fitted(scene.nodes[i]!.name, NODE_WIDTH - 22, c.font);
    c.fillText(name, scene.layout.x[i]! + 13, scene.layout.y[i]! + NODE_HEIGHT / 2 + 1);
  }

  private paintCard(scene: Scene, i: number): void {
    const { context: c } = this;
    const node = scene.nodes[i]!;
    const x = scene.layout.x[i]!;
    const y = scene.layout.y[i]!;
    this.paintIcon(typeIcon(node.resource_type), x + 12, y + 11, 1, "ink-faint");
    c.textBaseline = "alphabetic";
    c.font = `600 13px ${this.inks.textFont}`;
    c.fillStyle = this.inks.of("ink");
    c.fillText(this.fitted(node.name, NODE_WIDTH - 46, c.font), x + 36, y + 17);
    c.font = `400 10.5px ${this.inks.textFont}`;
    c.fillStyle = this.inks.of("ink-faint");
    c.fillText(kindOf(node.resource_type, node.materialized), x + 36, y + 30.5);
    this.paintMarks(scene, i, x, y);
  }

  /** Bottom right: how its tests stand, and how it stands itself, by shape as well as by colour. */
  private paintMarks(scene: Scene, i: number, x: number, y: number): void {
    const { standing, tests } = scene.shown[i]!;
    let right = x + NODE_WIDTH - 8;
    const mark = STANDING_MARKS[standing];
    if (mark) {
      this.paintIcon(mark.icon, right - 11, y + 21.5, 0.68, mark.colour);
      right -= 18;
    }
    const count = scene.nodes[i]!.test_count;
    if (!count) return;
    const colour = TEST_COLOURS[tests];
    const { context: c } = this;
    c.textAlign = "right";
    c.fillStyle = this.inks.of(colour);
    c.fillText(String(count), right, y + 30.5);
    c.textAlign = "left";
    this.paintIcon("test", right - 11 - 6 * String(count).length, y + 22, 0.62, colour);
  }

  private paintIcon(name: IconName, x: number, y: number, scale: number, colour: string) {
    const { context: c } = this;
    let path = this.icons.get(name);
    if (!path) this.icons.set(name, (path = new Path2D(ICONS[name])));
    c.save();
    c.translate(x, y);
    c.scale(scale, scale);
    c.strokeStyle = this.inks.of(colour);
    c.lineWidth = 1.4 / Math.sqrt(scale);
    c.lineCap = "round";
    c.lineJoin = "round";
    c.stroke(path);
    c.restore();
  }

  private paintRing(scene: Scene, i: number, { camera }: Frame): void {
    const { context: c } = this;
    const gap = Math.max(3, 2 / camera.zoom);
    c.strokeStyle = this.inks.of("tide");
    c.lineWidth = Math.max(2, 2 / camera.zoom);
    c.beginPath();
    c.roundRect(
      scene.layout.x[i]! - gap,
      scene.layout.y[i]! - gap,
      NODE_WIDTH + gap * 2,
      NODE_HEIGHT + gap * 2,
      gap + 1,
    );
    c.stroke();
  }

  private fitted(name: string, room: number, font: string): string {
    const key = `${font} ${name}`;
    const known = this.names.get(key);
    if (known !== undefined) return known;
    const cut = cutToFit(name, room, (text) => this.context.measureText(text).width);
    if (this.names.size > 50_000) this.names.clear();
    this.names.set(key, cut);
    return cut;
  }
}

function kindOf(resourceType: string, materialized: string | null): string {
  const told = materialized && materialized !== resourceType;
  return told ? `${resourceType} · ${materialized}` : resourceType.replace("_", " ");
}

const STANDING_MARKS: Partial<Record<Standing, { icon: IconName; colour: string }>> = {
  success: { icon: "check", colour: "kelp" },
  warn: { icon: "warning", colour: "brass" },
  error: { icon: "cross", colour: "coral" },
  skipped: { icon: "skip", colour: "slate" },
  cancelled: { icon: "minus", colour: "slate" },
  pending: { icon: "clock", colour: "slate" },
};

const TEST_COLOURS: Record<TestStanding, string> = {
  none: "ink-faint",
  pending: "ink-faint",
  pass: "kelp",
  warn: "brass",
  fail: "coral",
};
