/** Where the eye is: the world point at the screen's top left corner, and how many pixels a unit takes. Pure. */

export interface Camera {
  x: number;
  y: number;
  zoom: number;
}

export interface Size {
  width: number;
  height: number;
}

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Room at the screen's edges that panels cover. */
export interface Insets {
  top: number;
  right: number;
  bottom: number;
  left: number;
}

export const MIN_ZOOM = 0.02;
export const MAX_ZOOM = 2.5;
export const NO_INSETS: Insets = { top: 0, right: 0, bottom: 0, left: 0 };

export const clampZoom = (zoom: number) => Math.min(MAX_ZOOM, Math.max(MIN_ZOOM, zoom));

export function toWorld(camera: Camera, x: number, y: number): { x: number; y: number } {
  return { x: camera.x + x / camera.zoom, y: camera.y + y / camera.zoom };
}

/** What is on the screen, in the graph's units. */
export function viewed({ x, y, zoom }: Camera, { width, height }: Size): Box {
  return { x, y, width: width / zoom, height: height / zoom };
}

export function overlap(a: Box, b: Box): boolean {
  const inX = a.x <= b.x + b.width && b.x <= a.x + a.width;
  return inX && a.y <= b.y + b.height && b.y <= a.y + a.height;
}

export function grown({ x, y, width, height }: Box, by: number): Box {
  return { x: x - by, y: y - by, width: width + by * 2, height: height + by * 2 };
}

/** Zoom by a factor; the world point under the screen point stays where it is. */
export function zoomedAt(camera: Camera, factor: number, x: number, y: number): Camera {
  const zoom = clampZoom(camera.zoom * factor);
  const point = toWorld(camera, x, y);
  return { x: point.x - x / zoom, y: point.y - y / zoom, zoom };
}

export function panned(camera: Camera, dx: number, dy: number): Camera {
  return { ...camera, x: camera.x - dx / camera.zoom, y: camera.y - dy / camera.zoom };
}

/** The camera that shows a box whole and in the middle of what the panels leave free. */
export function fitted(box: Box, size: Size, insets: Insets = NO_INSETS, maxZoom = 1): Camera {
  const margin = 32;
  const free = {
    width: Math.max(80, size.width - insets.left - insets.right - margin * 2),
    height: Math.max(80, size.height - insets.top - insets.bottom - margin * 2),
  };
  const wanted = Math.min(free.width / (box.width || 1), free.height / (box.height || 1), maxZoom);
  return centredOn(box, clampZoom(wanted), size, insets);
}

/** The camera that shows the left part of a box at a given zoom, and its top where it is too tall. */
export function startingAt(box: Box, zoom: number, size: Size, insets: Insets = NO_INSETS): Camera {
  const margin = 32;
  const middle = centredOn(box, zoom, size, insets);
  const top = box.y - (insets.top + margin) / zoom;
  const fits = box.height * zoom <= size.height - insets.top - insets.bottom - margin * 2;
  return { x: box.x - (insets.left + margin) / zoom, y: fits ? middle.y : top, zoom };
}

/** The camera that has a box's middle in the middle of the free room. */
export function centredOn(box: Box, zoom: number, size: Size, insets: Insets = NO_INSETS): Camera {
  const middleX = (insets.left + size.width - insets.right) / 2;
  const middleY = (insets.top + size.height - insets.bottom) / 2;
  return {
    x: box.x + box.width / 2 - middleX / zoom,
    y: box.y + box.height / 2 - middleY / zoom,
    zoom,
  };
}

/** The camera moved just enough to show a box; the same camera if it shows already. */
export function revealing(
  camera: Camera,
  box: Box,
  size: Size,
  insets: Insets = NO_INSETS,
): Camera {
  const margin = 24 / camera.zoom;
  const left = camera.x + insets.left / camera.zoom + margin;
  const top = camera.y + insets.top / camera.zoom + margin;
  const right = camera.x + (size.width - insets.right) / camera.zoom - margin;
  const bottom = camera.y + (size.height - insets.bottom) / camera.zoom - margin;
  const dx = shift(box.x, box.x + box.width, left, right);
  const dy = shift(box.y, box.y + box.height, top, bottom);
  return dx || dy ? { ...camera, x: camera.x + dx, y: camera.y + dy } : camera;
}

function shift(from: number, to: number, low: number, high: number): number {
  if (from < low || to - from > high - low) return from - low;
  return to > high ? to - high : 0;
}

/** A point of the flight from one camera to another; the middle of the screen moves evenly. */
export function between(a: Camera, b: Camera, t: number, size: Size): Camera {
  const zoom = a.zoom * (b.zoom / a.zoom) ** t;
  const middle = (camera: Camera) => toWorld(camera, size.width / 2, size.height / 2);
  const [from, to] = [middle(a), middle(b)];
  const x = from.x + (to.x - from.x) * t;
  const y = from.y + (to.y - from.y) * t;
  return { x: x - size.width / 2 / zoom, y: y - size.height / 2 / zoom, zoom };
}
