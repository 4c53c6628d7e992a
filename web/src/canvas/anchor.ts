/** Keeps what is looked at where it is on the screen, when a picture takes the place of another. Pure. */
import { type Box, type Camera, overlap, type Size, viewed } from "./camera";
import { boxOf, type Scene } from "./scene";

/**
 * The camera for `after` that shows one node right where it was: the one in focus, or else the one nearest
 * to the middle of the screen. The same camera where that node did not move, or none is on the screen.
 */
export function steadied(
  camera: Camera,
  size: Size,
  before: Scene,
  after: Scene,
  focus: number,
): Camera {
  const screen = viewed(camera, size);
  const there = new Map(after.nodes.map((node, place) => [node.id, place]));
  const staying = before.nodes.flatMap((node, place) =>
    there.has(node.id) && overlap(boxOf(before.layout, place), screen) ? [place] : [],
  );
  const focused = staying.find((place) => there.get(before.nodes[place]!.id) === focus);
  const anchor = focused ?? nearest(before, staying, screen);
  if (anchor === undefined) return camera;
  const from = boxOf(before.layout, anchor);
  const to = boxOf(after.layout, there.get(before.nodes[anchor]!.id)!);
  if (from.x === to.x && from.y === to.y) return camera;
  return { ...camera, x: camera.x + to.x - from.x, y: camera.y + to.y - from.y };
}

function nearest({ layout }: Scene, places: readonly number[], screen: Box): number | undefined {
  const distance = (place: number) => {
    const box = boxOf(layout, place);
    const x = box.x + box.width / 2 - (screen.x + screen.width / 2);
    const y = box.y + box.height / 2 - (screen.y + screen.height / 2);
    return Math.hypot(x, y);
  };
  let best: number | undefined;
  for (const place of places) {
    if (best === undefined || distance(place) < distance(best)) best = place;
  }
  return best;
}
