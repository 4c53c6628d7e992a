/**
 * Pictures of cards, made once and set many times: panning copies pixels instead of drawing text. While
 * the zoom moves, pictures are stretched; when it rests, they are made anew, a few per frame.
 */
import { type Card, CardPainter, type Detail } from "./card";
import type { Inks } from "./inks";
import { NODE_HEIGHT } from "./layout/types";
import { wordsOf } from "./scene";

/** Device pixels around the card for the parts of its border that lie outside. */
export const MARGIN = 2;

const PER_FRAME = 60;
const MOST = 2400;

export interface Sprite {
  image: OffscreenCanvas;
  scale: number;
}

export class Sprites {
  /** Whether every card of the last frame had a picture of the right zoom. */
  complete = true;
  private readonly made = new Map<string, Sprite & { look: string }>();
  private readonly painter: CardPainter;
  private scale = 1;
  private settled = true;
  private budget = 0;

  constructor(inks: Inks) {
    this.painter = new CardPainter(inks);
  }

  begin(scale: number, settled: boolean): void {
    this.scale = scale;
    this.settled = settled;
    this.budget = PER_FRAME;
    this.complete = true;
    if (this.made.size > MOST) this.made.clear();
  }

  /**
   * The picture of a card. A few are made per frame; for the others an older picture of the same node is
   * good enough for a moment, or null where there is none.
   */
  of(card: Card, detail: Detail): Sprite | null {
    const look = lookOf(card, detail);
    const known = this.made.get(card.node.id);
    if (known?.look === look && known.scale === this.scale) return known;
    const canWait = known !== undefined && !this.settled && isNear(known.scale, this.scale);
    if (canWait || this.budget-- <= 0) {
      this.complete = false;
      return known ?? null;
    }
    const sprite = { ...this.draw(card, detail), look };
    this.made.set(card.node.id, sprite);
    return sprite;
  }

  private draw(card: Card, detail: Detail): Sprite {
    const { scale } = this;
    const image = new OffscreenCanvas(
      Math.ceil(card.width * scale) + MARGIN * 2,
      Math.ceil(NODE_HEIGHT * scale) + MARGIN * 2,
    );
    const context = image.getContext("2d")!;
    context.setTransform(scale, 0, 0, scale, MARGIN, MARGIN);
    this.painter.paint(context, card, detail, scale);
    return { image, scale };
  }
}

/** Cards of the same look have the same picture. */
export function lookOf({ node, shown, colour, hovered, width }: Card, detail: Detail): string {
  return `${width} ${detail} ${colour} ${shown.standing} ${shown.tests} ${hovered} ${wordsOf(node)}`;
}

/** Stretched by less than this, a picture can be read while it moves. */
function isNear(scale: number, wanted: number): boolean {
  return scale > wanted * 0.6 && scale < wanted * 1.8;
}
