/** Listens to the page's keys and runs the command they name. */
import { matchKeys, pressText } from "./keys";
import { commands } from "./registry";

const SEQUENCE_MS = 900;

export const isApple =
  typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.platform);

/** Start listening; returns the way to stop. */
export function listenToKeys(target: Window): () => void {
  let pending: string | null = null;
  let timer = 0;
  const onKey = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing) return;
    const press = pressText({
      key: event.key,
      mod: isApple ? event.metaKey : event.ctrlKey,
      shift: event.shiftKey,
      alt: event.altKey,
    });
    const typing = isTyping(event.target);
    const match = matchKeys(commands.commands.get(), pending, press, typing || dialogIsOpen());
    clearTimeout(timer);
    pending = match.kind === "pending" ? match.pending : null;
    if (pending) timer = window.setTimeout(() => (pending = null), SEQUENCE_MS);
    if (match.kind === "run") {
      event.preventDefault();
      match.command.run();
    }
  };
  target.addEventListener("keydown", onKey);
  return () => target.removeEventListener("keydown", onKey);
}

function dialogIsOpen(): boolean {
  return document.querySelector("dialog[open]") !== null;
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}
