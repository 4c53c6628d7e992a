/**
 * Keys as text: `mod+k` (Command on Apple machines, Control elsewhere), `shift+f`, `/`, and two
 * keys one after the other as `g l`. Keys without a modifier rest while somebody types.
 */
import type { Command } from "./registry";

export interface Press {
  key: string;
  mod: boolean;
  shift: boolean;
  alt: boolean;
}

const NAMES: Record<string, string> = {
  " ": "space",
  ArrowUp: "up",
  ArrowDown: "down",
  ArrowLeft: "left",
  ArrowRight: "right",
  Escape: "escape",
  Enter: "enter",
};

/** One press as text, in the order mod, alt, shift, key. Shift is told for letters and named keys only. */
export function pressText(press: Press): string {
  const named = NAMES[press.key];
  const key = named ?? press.key.toLowerCase();
  const letter = named !== undefined || /^[a-z]$/.test(key);
  return [press.mod && "mod", press.alt && "alt", press.shift && letter && "shift", key]
    .filter(Boolean)
    .join("+");
}

export type KeyMatch =
  | { kind: "run"; command: Command }
  | { kind: "pending"; pending: string }
  | { kind: "none" };

/** What a press means, given what was pressed just before it. */
export function matchKeys(
  all: readonly Command[],
  pending: string | null,
  press: string,
  typing: boolean,
): KeyMatch {
  const usable = all.filter((c) => c.keys && (!typing || worksWhileTyping(c.keys)));
  const sequence = pending ? `${pending} ${press}` : press;
  const command = usable.findLast((c) => c.keys === sequence && !c.disabled);
  if (command) return { kind: "run", command };
  if (usable.some((c) => c.keys?.startsWith(`${sequence} `))) {
    return { kind: "pending", pending: sequence };
  }
  return pending ? matchKeys(all, null, press, typing) : { kind: "none" };
}

function worksWhileTyping(keys: string): boolean {
  return keys.startsWith("mod+");
}

/** Keys as a person reads them: `⌘K` or `Ctrl K`. */
export function keysLabel(keys: string, apple: boolean): string[] {
  return keys.split(" ").map((press) =>
    press
      .split(/\+(?!$)/)
      .map((part) => partLabel(part, apple))
      .join(apple ? "" : " "),
  );
}

const LABELS: Record<string, string> = {
  escape: "Esc",
  enter: "↵",
  up: "↑",
  down: "↓",
  left: "←",
  right: "→",
  space: "Space",
};

function partLabel(part: string, apple: boolean): string {
  if (part === "mod") return apple ? "⌘" : "Ctrl";
  if (part === "shift") return apple ? "⇧" : "Shift";
  if (part === "alt") return apple ? "⌥" : "Alt";
  return LABELS[part] ?? part.toUpperCase();
}
