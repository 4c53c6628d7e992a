/**
 * Draws one node at the origin, in the graph's units, with the detail that its size allows: a card with
 * name, kind and marks, or the name alone.
 */
import type { GraphNode } from "../api/generated";
import type { Shown, Standing, TestStanding } from "../document/states";
import { ICONS, type IconName, typeIcon } from "../ui/icons";
import { isBuilt } from "./colouring";
import type { Inks } from "./inks";
import { cutToFit } from "./labels";
import { NODE_HEIGHT } from "./layout/types";

export type Detail = "card" | "name";

type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

export interface Card {
  width: number;
  node: GraphNode;
  shown: Shown;
  colour: string;
  hovered: boolean;
}

export class CardPainter {
  private readonly names = new Map<string, string>();
  private readonly icons = new Map<IconName, Path2D>();

  constructor(private readonly inks: Inks) {}

  /** `scale` is how many device pixels a unit takes. */
  paint(c: Context, card: Card, detail: Detail, scale: number): void {
    this.paintBody(c, card, scale);
    if (detail === "name") this.paintName(c, card, scale);
    else this.paintWords(c, card);
  }

  private paintBody(
    c: Context,
    { node, shown, colour, hovered, width }: Card,
    scale: number,
  ): void {
    if (shown.standing !== "running") {
      c.fillStyle = this.inks.of("surface");
      c.fillRect(0, 0, width, NODE_HEIGHT);
    }
    c.strokeStyle = this.inks.of(hovered ? "tide" : "line-strong");
    c.lineWidth = Math.max(1, 0.75 / scale);
    c.setLineDash(shown.standing === "none" && isBuilt(node) ? [3, 3] : []);
    c.strokeRect(0, 0, width, NODE_HEIGHT);
    c.setLineDash([]);
    c.fillStyle = this.inks.of(colour);
    c.fillRect(-0.5, -0.5, 5, NODE_HEIGHT + 1);
  }

  /** Far away: the name alone, as large as the card allows. */
  private paintName(c: Context, { node, width }: Card, scale: number): void {
    const size = Math.min(24, Math.round(8.8 / scale / 2) * 2);
    c.font = `500 ${size}px ${this.inks.textFont}`;
    c.fillStyle = this.inks.of("ink");
    c.textBaseline = "middle";
    c.fillText(this.fitted(c, node.name, width - 20), 13, NODE_HEIGHT / 2 + 1);
  }

  private paintWords(c: Context, card: Card): void {
    const { node, width } = card;
    this.paintIcon(c, typeIcon(node.resource_type), 12, 11, 1, "ink-faint");
    c.textBaseline = "alphabetic";
    c.font = `600 13px ${this.inks.textFont}`;
    c.fillStyle = this.inks.of("ink");
    c.fillText(this.fitted(c, node.name, width - 44), 36, 17);
    c.font = `400 10.5px ${this.inks.textFont}`;
    const room = this.paintMarks(c, card) - 40;
    c.fillStyle = this.inks.of("ink-faint");
    c.fillText(this.fitted(c, kindOf(node), room), 36, 30.5);
  }

  /**
   * Bottom right: how its tests stand, and how it stands itself, by shape as well as by colour. Returns
   * where that begins.
   */
  private paintMarks(c: Context, { node, shown, width }: Card): number {
    let right = width - 8;
    const mark = isBuilt(node) ? STANDING_MARKS[shown.standing] : undefined;
    if (mark) {
      this.paintIcon(c, mark.icon, right - 11, 21.5, 0.68, mark.colour);
      right -= 18;
    }
    if (!node.test_count) return right;
    const colour = TEST_COLOURS[shown.tests];
    const text = String(node.test_count);
    c.textAlign = "right";
    c.fillStyle = this.inks.of(colour);
    c.fillText(text, right, 30.5);
    c.textAlign = "left";
    const left = right - 11 - 6 * text.length;
    this.paintIcon(c, "test", left, 22, 0.62, colour);
    return left;
  }

  private paintIcon(c: Context, name: IconName, x: number, y: number, scale: number, ink: string) {
    let path = this.icons.get(name);
    if (!path) {
      path = new Path2D(ICONS[name]);
      this.icons.set(name, path);
    }
    c.save();
    c.translate(x, y);
    c.scale(scale, scale);
    c.strokeStyle = this.inks.of(ink);
    c.lineWidth = 1.4 / Math.sqrt(scale);
    c.lineCap = "round";
    c.lineJoin = "round";
    c.stroke(path);
    c.restore();
  }

  private fitted(c: Context, name: string, room: number): string {
    const key = `${c.font} ${Math.round(room)} ${name}`;
    const known = this.names.get(key);
    if (known !== undefined) return known;
    const cut = cutToFit(name, room, (text) => c.measureText(text).width);
    if (this.names.size > 50_000) this.names.clear();
    this.names.set(key, cut);
    return cut;
  }
}

/** The icon says that it is a model; what kind of one, its materialisation tells. */
function kindOf({ resource_type, materialized }: GraphNode): string {
  return resource_type === "model" && materialized ? materialized : resource_type.replace("_", " ");
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
