import { expect, it } from "vitest";
import {
  between,
  centredOn,
  fitted,
  grown,
  overlap,
  panned,
  revealing,
  startingAt,
  toWorld,
  zoomedAt,
} from "./camera";

const size = { width: 1000, height: 600 };
const camera = { x: 100, y: 50, zoom: 0.5 };

it("keeps the point under the pointer while it zooms", () => {
  const before = toWorld(camera, 300, 200);
  const after = toWorld(zoomedAt(camera, 1.7, 300, 200), 300, 200);
  expect(after.x).toBeCloseTo(before.x);
  expect(after.y).toBeCloseTo(before.y);
});

it("does not zoom beyond its limits", () => {
  expect(zoomedAt(camera, 1000, 0, 0).zoom).toBe(2.5);
  expect(zoomedAt(camera, 0.00001, 0, 0).zoom).toBe(0.02);
});

it("pans by pixels", () => {
  expect(panned(camera, 10, -10)).toEqual({ x: 80, y: 70, zoom: 0.5 });
});

it("fits a box into what panels leave free", () => {
  const insets = { top: 100, right: 300, bottom: 0, left: 0 };
  const fit = fitted({ x: 0, y: 0, width: 4000, height: 400 }, size, insets);
  const left = (0 - fit.x) * fit.zoom;
  const right = (4000 - fit.x) * fit.zoom;
  expect(left).toBeCloseTo(32);
  expect(right).toBeCloseTo(1000 - 300 - 32);
  expect(fitted({ x: 0, y: 0, width: 1, height: 1 }, size).zoom).toBe(1);
});

it("moves just enough to show a box", () => {
  const box = { x: 150, y: 100, width: 50, height: 20 };
  expect(revealing(camera, box, size)).toBe(camera);
  const moved = revealing(camera, { ...box, x: 5000 }, size);
  expect(moved).toMatchObject({ y: 50, zoom: 0.5 });
  expect((5050 - moved.x) * 0.5).toBeCloseTo(1000 - 24);
});

it("flies from one place to the other", () => {
  const to = centredOn({ x: 900, y: 900, width: 10, height: 10 }, 1, size);
  expect(between(camera, to, 0, size)).toMatchObject({ zoom: 0.5 });
  const end = between(camera, to, 1, size);
  expect(end.x).toBeCloseTo(to.x);
  expect(end.zoom).toBeCloseTo(1);
});

it("starts at the left of what is too wide, and at the top of what is too tall", () => {
  const wide = startingAt({ x: 0, y: 0, width: 9000, height: 100 }, 1, size);
  expect(wide).toEqual({ x: -32, y: 50 - 300, zoom: 1 });
  const tall = startingAt({ x: 0, y: 0, width: 9000, height: 9000 }, 1, size);
  expect(tall).toEqual({ x: -32, y: -32, zoom: 1 });
});

it("knows boxes that overlap, or touch", () => {
  const box = { x: 0, y: 0, width: 10, height: 10 };
  expect(overlap(box, { ...box, x: 10 })).toBe(true);
  expect(overlap(box, { ...box, y: 11 })).toBe(false);
  expect(overlap(grown(box, 1), { ...box, y: 11 })).toBe(true);
});
