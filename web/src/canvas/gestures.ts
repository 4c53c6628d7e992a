/** Turns pointers and wheels into pans, zooms, clicks and hovers. Knows nothing of what is drawn. */

export interface GestureHandlers {
  pan: (dx: number, dy: number) => void;
  zoom: (factor: number, x: number, y: number) => void;
  click: (x: number, y: number) => void;
  open: (x: number, y: number) => void;
  hover: (x: number, y: number) => void;
  leave: () => void;
}

const CLICK_SLACK = 4;

interface Point {
  x: number;
  y: number;
}

/** Listen on an element; returns the way to stop. */
export function listenToGestures(element: HTMLElement, handlers: GestureHandlers): () => void {
  const pointers = new Map<number, Point>();
  let travelled = 0;
  const pointOf = (event: PointerEvent | WheelEvent | MouseEvent): Point => {
    const box = element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };

  const down = (event: PointerEvent) => {
    if (event.button !== 0 && event.button !== 1) return;
    if (pointers.size === 0) travelled = 0;
    pointers.set(event.pointerId, pointOf(event));
    element.setPointerCapture(event.pointerId);
  };
  const move = (event: PointerEvent) => {
    const now = pointOf(event);
    const before = pointers.get(event.pointerId);
    if (!before) return handlers.hover(now.x, now.y);
    const [dx, dy] = [now.x - before.x, now.y - before.y];
    travelled += Math.abs(dx) + Math.abs(dy);
    const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
    if (other) pinch(handlers, before, now, other);
    else if (travelled > CLICK_SLACK) handlers.pan(dx, dy);
    pointers.set(event.pointerId, now);
  };
  const up = (event: PointerEvent) => {
    if (!pointers.delete(event.pointerId) || pointers.size) return;
    const point = pointOf(event);
    if (travelled <= CLICK_SLACK && event.type === "pointerup") handlers.click(point.x, point.y);
  };
  const doubleClick = (event: MouseEvent) => {
    const point = pointOf(event);
    handlers.open(point.x, point.y);
  };
  const wheel = (event: WheelEvent) => {
    event.preventDefault();
    const { x, y } = pointOf(event);
    if (event.ctrlKey || event.metaKey || isMouseWheel(event)) {
      const strength = event.ctrlKey && !isMouseWheel(event) ? 0.01 : 0.0018;
      handlers.zoom(Math.exp(-pixels(event) * strength), x, y);
    } else {
      handlers.pan(-event.deltaX, -event.deltaY);
    }
  };

  const listeners: [string, (event: never) => void][] = [
    ["pointerdown", down],
    ["pointermove", move],
    ["pointerup", up],
    ["pointercancel", up],
    ["pointerleave", handlers.leave],
    ["dblclick", doubleClick],
    ["wheel", wheel],
  ];
  for (const [name, listener] of listeners) {
    element.addEventListener(name, listener as EventListener, { passive: false });
  }
  return () => {
    for (const [name, listener] of listeners) {
      element.removeEventListener(name, listener as EventListener);
    }
  };
}

function pinch(handlers: GestureHandlers, before: Point, now: Point, other: Point): void {
  const distance = (a: Point, b: Point) => Math.hypot(a.x - b.x, a.y - b.y) || 1;
  const middle = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 };
  handlers.pan((now.x - before.x) / 2, (now.y - before.y) / 2);
  handlers.zoom(distance(now, other) / distance(before, other), middle.x, middle.y);
}

/** A wheel steps in large whole amounts in one direction; fingers on a pad glide in small ones. */
function isMouseWheel(event: WheelEvent): boolean {
  if (event.deltaMode !== WheelEvent.DOM_DELTA_PIXEL) return true;
  return event.deltaX === 0 && Math.abs(event.deltaY) >= 50 && Number.isInteger(event.deltaY);
}

function pixels(event: WheelEvent): number {
  return event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * 32 : event.deltaY;
}
