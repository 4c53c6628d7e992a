/**
 * Draws one frame. Only what is on screen is drawn, and with as much detail as can be read at the zoom:
 * cards with name, kind and marks; then names alone; then plain blocks.
 */
import { type Box, type Camera, grown, overlap, type Size, viewed } from "./camera";
import type { Card } from "./card";
import type { Inks } from "./inks";
import { COLUMN_GAP, NODE_HEIGHT } from "./layout/types";
import { boxOf, type Scene, widthOf } from "./scene";
import { MARGIN, Sprites } from "./sprites";

const CARD_ZOOM = 0.58;
const NAME_ZOOM = 0.34;
const CURVE_ZOOM = 0.12;
const DIM = 0.26;

export interface Frame {
  camera: Camera;
  size: Size;
  ratio: number;
  /** Milliseconds, for what moves; null where motion is not wanted. */
  time: number | null;
  /** The zoom is at rest, so pictures made at another one are made anew. */
  settled: boolean;
}

export interface Painted {
  /** Every card was drawn for this zoom; otherwise the next frame has better pictures. */
  complete: boolean;
  /** Something on screen moves by itself. */
  moving: boolean;
}

export class Painter {
  private readonly sprites: Sprites;
  private moving = false;
  /** What is painted now, in the graph's units. */
  private area: Box = { x: 0, y: 0, width: 0, height: 0 };

  constructor(
    private readonly context: CanvasRenderingContext2D,
    private readonly inks: Inks,
  ) {
    this.sprites = new Sprites(inks);
  }

  /** Draw a frame, and tell what the next one would change. */
  paint(scene: Scene, frame: Frame): Painted {
    this.begin(frame);
    this.paintArea(scene, frame, viewed(frame.camera, frame.size));
    return { complete: this.sprites.complete, moving: this.moving };
  }

  /** Paint only where these cards stand; the rest of the last frame stays. */
  paintCards(scene: Scene, frame: Frame, places: readonly number[]): Painted {
    this.begin(frame);
    const { context: c } = this;
    const screen = viewed(frame.camera, frame.size);
    for (const place of places) {
      const area = wholePixels(boxOf(scene.layout, place), frame);
      if (!overlap(area, screen)) continue;
      c.save();
      this.toGraph(frame);
      c.beginPath();
      c.rect(area.x, area.y, area.width, area.height);
      c.clip();
      // An edge that runs just beside is as wide as to be seen in it.
      this.paintArea(scene, frame, grown(area, 2 / frame.camera.zoom));
      c.restore();
    }
    return { complete: this.sprites.complete, moving: this.moving };
  }

  private begin({ camera, ratio, settled }: Frame): void {
    this.moving = false;
    this.sprites.begin(camera.zoom * ratio, settled);
  }

  private paintArea(scene: Scene, frame: Frame, area: Box): void {
    const { context: c } = this;
    this.area = area;
    c.setTransform(frame.ratio, 0, 0, frame.ratio, 0, 0);
    c.fillStyle = this.inks.of("paper");
    c.fillRect(0, 0, frame.size.width, frame.size.height);
    this.toGraph(frame);
    this.paintColumns(scene, frame);
    this.paintEdges(scene, frame);
    this.paintNodes(scene, frame);
  }

  private toGraph({ camera, ratio }: Frame): void {
    const scale = camera.zoom * ratio;
    this.context.setTransform(scale, 0, 0, scale, -camera.x * scale, -camera.y * scale);
  }

  /** Faint bands, one per column: tide marks that tell how deep a node stands. */
  private paintColumns({ layout }: Scene, { camera, size }: Frame): void {
    if (camera.zoom < 0.08) return;
    const { context: c } = this;
    c.fillStyle = this.inks.of("rank");
    const right = camera.x + size.width / camera.zoom;
    for (let column = 0; column < layout.columnX.length; column += 2) {
      const x = layout.columnX[column]! - COLUMN_GAP / 2;
      const width = layout.columnWidth[column]! + COLUMN_GAP;
      if (x > right || x + width < camera.x) continue;
      c.fillRect(x, camera.y, width, size.height / camera.zoom);
    }
  }

  private paintEdges(scene: Scene, frame: Frame): void {
    const { context: c } = this;
    const { zoom } = frame.camera;
    c.strokeStyle = this.inks.of("edge");
    // One pixel, not more: thinner than that all browsers draw fast, wider than that few do.
    c.lineWidth = 1 / zoom;
    if (scene.lit) {
      c.globalAlpha = DIM;
      this.strokePieces(scene, frame, 2);
      c.globalAlpha = 1;
    } else {
      this.strokePieces(scene, frame, 0);
    }
    c.strokeStyle = this.inks.of("tide");
    c.lineWidth = Math.min(2, Math.max(1.2, zoom * 2.4)) / zoom;
    this.strokePieces(scene, frame, 1);
  }

  /** Each curve is a path of its own (one large path costs three times as much); flat pieces are one. */
  private strokePieces({ layout, pieceMarks }: Scene, { camera }: Frame, mark: number): void {
    const { context: c, area } = this;
    const { pieces } = layout;
    const right = area.x + area.width;
    const bottom = area.y + area.height;
    const flat = new Path2D();
    for (let i = 0; i < pieceMarks.length; i++) {
      if (pieceMarks[i] !== mark) continue;
      const x1 = pieces[i * 4]!;
      const y1 = pieces[i * 4 + 1]!;
      const x2 = pieces[i * 4 + 2]!;
      const y2 = pieces[i * 4 + 3]!;
      if (Math.max(x1, x2) < area.x || Math.min(x1, x2) > right) continue;
      if (Math.max(y1, y2) < area.y || Math.min(y1, y2) > bottom) continue;
      if (Math.abs(y2 - y1) < 1) {
        flat.moveTo(x1, y1);
        flat.lineTo(x2, y2);
        continue;
      }
      const middle = (x1 + x2) / 2;
      c.beginPath();
      c.moveTo(x1, y1);
      if (camera.zoom > CURVE_ZOOM) c.bezierCurveTo(middle, y1, middle, y2, x2, y2);
      else c.lineTo(x2, y2);
      c.stroke();
    }
    c.stroke(flat);
  }

  private paintNodes(scene: Scene, frame: Frame): void {
    const { camera } = frame;
    const { area } = this;
    const right = area.x + area.width;
    const bottom = area.y + area.height;
    const { x, y } = scene.layout;
    for (let i = 0; i < scene.nodes.length; i++) {
      if (x[i]! > right || x[i]! + widthOf(scene.layout, i) < area.x) continue;
      if (y[i]! > bottom || y[i]! + NODE_HEIGHT < area.y) continue;
      const dim = scene.lit !== null && !scene.lit[i] && i !== scene.focus && i !== scene.hover;
      this.context.globalAlpha = dim ? DIM : 1;
      if (camera.zoom < NAME_ZOOM) this.paintBlock(scene, i);
      else this.paintCard(scene, i, frame);
    }
    this.context.globalAlpha = 1;
    if (scene.focus >= 0) this.paintRing(scene, scene.focus, frame);
  }

  private paintBlock({ layout, colours }: Scene, i: number): void {
    const { context: c } = this;
    c.fillStyle = this.inks.of(colours[i]!);
    c.fillRect(layout.x[i]!, layout.y[i]!, widthOf(layout, i), NODE_HEIGHT);
  }

  /** The card's picture, set on whole device pixels so that its text stays sharp. */
  private paintCard(scene: Scene, i: number, frame: Frame): void {
    const { context: c } = this;
    const { camera, ratio } = frame;
    const shown = scene.shown[i]!;
    const x = scene.layout.x[i]!;
    const y = scene.layout.y[i]!;
    const width = widthOf(scene.layout, i);
    if (shown.standing === "running") this.paintWater({ x, y, width, height: NODE_HEIGHT }, frame);
    const card: Card = {
      width,
      node: scene.nodes[i]!,
      shown,
      colour: scene.colours[i]!,
      hovered: i === scene.hover,
    };
    const sprite = this.sprites.of(card, camera.zoom < CARD_ZOOM ? "name" : "card");
    if (!sprite) {
      this.paintBlock(scene, i);
      return;
    }
    const scale = camera.zoom * ratio;
    const before = c.getTransform();
    c.setTransform(1, 0, 0, 1, 0, 0);
    const stretch = scale / sprite.scale;
    c.drawImage(
      sprite.image,
      Math.round((x - camera.x) * scale - MARGIN * stretch),
      Math.round((y - camera.y) * scale - MARGIN * stretch),
      sprite.image.width * stretch,
      sprite.image.height * stretch,
    );
    c.setTransform(before);
  }

  /** A running node fills with moving water; without motion it stands half full. */
  private paintWater({ x, y, width, height }: Box, { time }: Frame): void {
    const { context: c } = this;
    const phase = (time ?? 0) / 420;
    this.moving ||= time !== null;
    const level = y + height * (0.5 + 0.12 * Math.sin(phase / 3));
    c.fillStyle = this.inks.of("surface");
    c.fillRect(x, y, width, height);
    c.fillStyle = this.inks.of("tide-soft");
    c.beginPath();
    c.moveTo(x, y + height);
    for (let step = 0; step <= 12; step++) {
      const along = step / 12;
      const wave = time === null ? 0 : 3 * Math.sin(along * 9 + phase);
      c.lineTo(x + along * width, level + wave);
    }
    c.lineTo(x + width, y + height);
    c.fill();
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
      widthOf(scene.layout, i) + gap * 2,
      NODE_HEIGHT + gap * 2,
      gap + 1,
    );
    c.stroke();
  }
}

/** The box with its border, grown to whole device pixels, so that its surroundings join without a seam. */
function wholePixels(box: Box, { camera, ratio }: Frame): Box {
  const scale = camera.zoom * ratio;
  const left = Math.floor((box.x - camera.x) * scale) - MARGIN;
  const top = Math.floor((box.y - camera.y) * scale) - MARGIN;
  const right = Math.ceil((box.x + box.width - camera.x) * scale) + MARGIN;
  const bottom = Math.ceil((box.y + box.height - camera.y) * scale) + MARGIN;
  return {
    x: camera.x + left / scale,
    y: camera.y + top / scale,
    width: (right - left) / scale,
    height: (bottom - top) / scale,
  };
}
