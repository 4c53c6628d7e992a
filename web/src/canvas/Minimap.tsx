import { type PointerEvent, useEffect, useRef } from "react";
import { theme } from "../ui/theme";
import { useObservable } from "../ui/useObservable";
import { Inks } from "./inks";
import { NODE_HEIGHT } from "./layout/types";
import styles from "./Minimap.module.css";
import { type Scene, widthOf } from "./scene";
import type { LineageView } from "./view";

const WIDTH = 184;
const HEIGHT = 112;
const MARGIN = 6;

interface Fit {
  scale: number;
  left: number;
  top: number;
}

function fitOf({ layout }: Scene): Fit {
  const room = { width: WIDTH - MARGIN * 2, height: HEIGHT - MARGIN * 2 };
  const scale = Math.min(
    room.width / (layout.width || 1),
    room.height / (layout.height || 1),
    0.12,
  );
  return {
    scale,
    left: (WIDTH - layout.width * scale) / 2,
    top: (HEIGHT - layout.height * scale) / 2,
  };
}

/** The whole graph in a corner, with the part on screen marked; a click or drag goes there. */
export function Minimap({ scene, view }: { scene: Scene; view: LineageView }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const look = useRef<HTMLDivElement>(null);
  const now = useObservable(theme);
  const fit = fitOf(scene);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new theme means new inks
  useEffect(() => {
    if (canvas.current) paint(canvas.current, scene, fitOf(scene));
  }, [scene, now]);

  // The mark moves without rendering React: the camera changes on every frame of a pan.
  useEffect(() => {
    const place = () => {
      const { scale, left, top } = fitOf(scene);
      const camera = view.camera.get();
      const size = view.size.get();
      const style = look.current?.style;
      if (!style) return;
      style.transform = `translate(${left + camera.x * scale}px, ${top + camera.y * scale}px)`;
      style.width = `${(size.width / camera.zoom) * scale}px`;
      style.height = `${(size.height / camera.zoom) * scale}px`;
    };
    place();
    const stops = [view.camera.subscribe(place), view.size.subscribe(place)];
    return () => stops.forEach((stop) => void stop());
  }, [scene, view]);

  const go = (event: PointerEvent<HTMLDivElement>) => {
    if (event.buttons !== 1) return;
    const box = event.currentTarget.getBoundingClientRect();
    view.lookAt(
      (event.clientX - box.left - fit.left) / fit.scale,
      (event.clientY - box.top - fit.top) / fit.scale,
    );
  };
  return (
    <div className={styles.minimap} onPointerDown={go} onPointerMove={go} aria-hidden="true">
      <canvas ref={canvas} className={styles.canvas} />
      <div ref={look} className={styles.look} />
    </div>
  );
}

function paint(canvas: HTMLCanvasElement, scene: Scene, { scale, left, top }: Fit): void {
  const ratio = window.devicePixelRatio || 1;
  canvas.width = WIDTH * ratio;
  canvas.height = HEIGHT * ratio;
  const context = canvas.getContext("2d")!;
  const inks = new Inks(canvas);
  context.scale(ratio, ratio);
  const { x, y } = scene.layout;
  const height = Math.max(1, NODE_HEIGHT * scale);
  for (let i = 0; i < scene.nodes.length; i++) {
    context.globalAlpha = scene.lit && !scene.lit[i] ? 0.25 : 1;
    context.fillStyle = inks.of(scene.colours[i]!);
    const width = Math.max(1.5, widthOf(scene.layout, i) * scale);
    context.fillRect(left + x[i]! * scale, top + y[i]! * scale, width, height);
  }
}
