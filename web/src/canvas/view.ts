/**
 * The living canvas: holds the camera, draws when something changed, answers gestures. It has no React
 * in it; `LineageCanvas` gives it an element and scenes, and hears what was clicked.
 */
import { Observable } from "../ui/observable";
import { steadied } from "./anchor";
import {
  type Box,
  between,
  type Camera,
  centredOn,
  fitted,
  type Insets,
  NO_INSETS,
  panned,
  revealing,
  type Size,
  startingAt,
  toWorld,
  zoomedAt,
} from "./camera";
import { listenToGestures } from "./gestures";
import { Inks } from "./inks";
import { type Frame, Painter } from "./painter";
import { boundsOf, boxOf, differingCards, nodeAt, type Scene, withPointer } from "./scene";

export interface ViewHandlers {
  /** A node was clicked, or the ground (null). */
  pick: (place: number | null) => void;
  open: (place: number) => void;
}

const FEW_NODES = 200;
/** So many cards are painted one by one; beyond, all is painted at once. */
const FEW_CARDS = 40;
const READABLE_ZOOM = 0.5;
const START_ZOOM = 0.8;
/** Names can be read: single nodes are looked at. */
const STEADY_ZOOM = 0.34;
const FLIGHT_MS = 260;
const WATER_MS = 50;
/** After this long without zooming, the zoom is at rest. */
const REST_MS = 140;

export class LineageView {
  readonly camera = new Observable<Camera>({ x: 0, y: 0, zoom: 1 });
  readonly size = new Observable<Size>({ width: 0, height: 0 });
  insets: Insets = NO_INSETS;
  private readonly context: CanvasRenderingContext2D;
  private painter: Painter;
  /** The scene as it was given, and with what the pointer adds. */
  private base: Scene | null = null;
  private scene: Scene | null = null;
  private focus = -1;
  private hover = -1;
  private pointer: { x: number; y: number } | null = null;
  private request = 0;
  /** Cards that differ from what was painted; null where all is to be painted. */
  private differing: Set<number> | null = null;
  private flight: { from: Camera; to: Camera; start: number } | null = null;
  private waterTimer = 0;
  private ratio = 1;
  private lastZoom = 0;
  private zoomedAt = -REST_MS;
  private readonly stopListening: () => void;
  private readonly observer: ResizeObserver;
  private readonly calm = matchMedia("(prefers-reduced-motion: reduce)");

  constructor(
    private readonly canvas: HTMLCanvasElement,
    handlers: ViewHandlers,
  ) {
    this.context = canvas.getContext("2d", { alpha: false })!;
    this.painter = new Painter(this.context, new Inks(canvas));
    const pick = (x: number, y: number) => this.placeAt(x, y);
    this.stopListening = listenToGestures(canvas, {
      pan: (dx, dy) => this.move(panned(this.camera.get(), dx, dy)),
      zoom: (factor, x, y) => this.move(zoomedAt(this.camera.get(), factor, x, y)),
      click: (x, y) => handlers.pick(pick(x, y)),
      open: (x, y) => {
        const place = pick(x, y);
        if (place !== null) handlers.open(place);
      },
      hover: (x, y) => {
        this.pointer = { x, y };
        const place = pick(x, y);
        canvas.style.cursor = place === null ? "grab" : "pointer";
        this.point(place ?? -1);
      },
      leave: () => {
        this.pointer = null;
        this.point(-1);
      },
    });
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(canvas);
    this.resize();
  }

  stop(): void {
    this.stopListening();
    this.observer.disconnect();
    cancelAnimationFrame(this.request);
    clearTimeout(this.waterTimer);
  }

  /**
   * Show a scene with a node in focus (-1: none). Where places differ, what is looked at stays on the screen
   * as it is, and the pointer is over what stands there now.
   */
  show(scene: Scene, focus: number): void {
    const moved = scene.layout !== this.base?.layout;
    if (moved && this.base) this.steady(this.base, scene, focus);
    this.base = scene;
    this.focus = focus;
    if (moved) this.hover = this.placeUnderPointer(scene);
    const before = this.scene;
    this.scene = withPointer(scene, focus, this.hover);
    const differing = before && differingCards(before, this.scene);
    if (!differing || differing.length > FEW_CARDS) this.draw();
    else if (differing.length) this.drawCards(differing);
  }

  private point(place: number): void {
    if (place === this.hover || !this.base) return;
    this.hover = place;
    this.scene = withPointer(this.base, this.focus, place);
    this.draw();
  }

  /** Read the colours again, after the theme changed. */
  recolour(): void {
    this.painter = new Painter(this.context, new Inks(this.canvas));
    this.draw();
  }

  /** Show everything, or the given nodes, as large as fits. */
  fit(places?: readonly number[], options: { jump?: boolean } = {}): void {
    if (!this.scene || !this.size.get().width) return;
    const box = boundsOf(this.scene.layout, places?.length ? places : undefined);
    this.fly(fitted(box, this.size.get(), this.insets), options.jump);
  }

  /** The first look: everything, or where a small graph begins if all of it would be too small to read. */
  begin(): void {
    if (!this.scene || !this.size.get().width) return;
    const box = boundsOf(this.scene.layout);
    const whole = fitted(box, this.size.get(), this.insets);
    const small = this.scene.nodes.length <= FEW_NODES;
    if (whole.zoom >= READABLE_ZOOM || !small) this.move(whole);
    else this.move(startingAt(box, START_ZOOM, this.size.get(), this.insets));
  }

  /** Bring a node into the middle at a zoom where it can be read. */
  centre(place: number, options: { jump?: boolean } = {}): void {
    if (!this.scene) return;
    const zoom = Math.max(0.8, this.goal().zoom);
    this.fly(centredOn(this.boxOf(place), zoom, this.size.get(), this.insets), options.jump);
  }

  /** Move as little as needed to have a node on the screen. */
  reveal(place: number): void {
    if (!this.scene) return;
    const goal = revealing(this.goal(), this.boxOf(place), this.size.get(), this.insets);
    this.fly(goal);
  }

  zoomBy(factor: number): void {
    const { width, height } = this.size.get();
    const { left, right, top, bottom } = this.insets;
    const middle = { x: (left + width - right) / 2, y: (top + height - bottom) / 2 };
    this.fly(zoomedAt(this.goal(), factor, middle.x, middle.y));
  }

  panBy(dx: number, dy: number): void {
    this.fly(panned(this.goal(), dx, dy));
  }

  /** Put a world point in the middle of the free room (the minimap does this). */
  lookAt(x: number, y: number): void {
    const { zoom } = this.camera.get();
    this.move(centredOn({ x, y, width: 0, height: 0 }, zoom, this.size.get(), this.insets));
  }

  /** From far away it is the whole that is looked at, and that stays by itself. */
  private steady(before: Scene, after: Scene, focus: number): void {
    const camera = this.camera.get();
    if (camera.zoom < STEADY_ZOOM) return;
    const steady = steadied(camera, this.size.get(), before, after, focus);
    const [x, y] = [steady.x - camera.x, steady.y - camera.y];
    if (!x && !y) return;
    this.camera.set(steady);
    const shifted = (one: Camera) => ({ ...one, x: one.x + x, y: one.y + y });
    const { flight } = this;
    if (flight) this.flight = { ...flight, from: shifted(flight.from), to: shifted(flight.to) };
  }

  private boxOf(place: number): Box {
    return boxOf(this.scene!.layout, place);
  }

  private placeUnderPointer({ layout }: Scene): number {
    if (!this.pointer) return -1;
    const point = toWorld(this.camera.get(), this.pointer.x, this.pointer.y);
    return nodeAt(layout, point.x, point.y);
  }

  private placeAt(x: number, y: number): number | null {
    if (!this.scene) return null;
    const point = toWorld(this.camera.get(), x, y);
    const place = nodeAt(this.scene.layout, point.x, point.y);
    return place < 0 ? null : place;
  }

  /** Where the camera is, or is flying to. */
  private goal(): Camera {
    return this.flight?.to ?? this.camera.get();
  }

  private move(camera: Camera): void {
    this.flight = null;
    this.camera.set(camera);
    this.draw();
  }

  private fly(to: Camera, jump = false): void {
    if (jump || this.calm.matches) {
      this.move(to);
      return;
    }
    this.flight = { from: this.camera.get(), to, start: performance.now() };
    this.draw();
  }

  private draw(): void {
    this.differing = null;
    this.ask();
  }

  /** Paint these cards anew, and all that runs through them. */
  private drawCards(places: readonly number[]): void {
    if (!this.request) this.differing = new Set();
    for (const place of places) this.differing?.add(place);
    this.ask();
  }

  private ask(): void {
    if (!this.request) this.request = requestAnimationFrame((time) => this.frame(time));
  }

  private frame(time: number): void {
    this.request = 0;
    if (this.flight) this.stepFlight(time);
    const { scene, differing } = this;
    this.differing = null;
    const size = this.size.get();
    if (!scene || !size.width) return;
    const camera = this.camera.get();
    if (camera.zoom !== this.lastZoom) this.zoomedAt = time;
    this.lastZoom = camera.zoom;
    const frame: Frame = {
      camera,
      size,
      ratio: this.ratio,
      time: this.calm.matches ? null : time,
      settled: time - this.zoomedAt > REST_MS,
    };
    const painted = differing
      ? this.painter.paintCards(scene, frame, [...differing])
      : this.painter.paint(scene, frame);
    if (this.flight || !painted.complete) this.draw();
    else if (painted.moving) this.drawSoon();
  }

  /** Water moves slowly: twenty frames a second are enough and leave the machine to the run. */
  private drawSoon(): void {
    clearTimeout(this.waterTimer);
    this.waterTimer = window.setTimeout(() => this.draw(), WATER_MS);
  }

  private stepFlight(time: number): void {
    const { from, to, start } = this.flight!;
    const t = Math.min(1, Math.max(0, (time - start) / FLIGHT_MS));
    this.camera.set(between(from, to, 1 - (1 - t) ** 3, this.size.get()));
    if (t === 1) {
      this.camera.set(to);
      this.flight = null;
    }
  }

  private resize(): void {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    this.ratio = Math.min(2, window.devicePixelRatio || 1);
    this.canvas.width = Math.round(width * this.ratio);
    this.canvas.height = Math.round(height * this.ratio);
    this.size.set({ width, height });
    this.draw();
  }
}
