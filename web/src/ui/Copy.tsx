import { useEffect, useState } from "react";
import { Button } from "./Button";

/** Copies text; says so for a moment. `what` completes "Copy ...". */
export function CopyButton({ text, what }: { text: string; what: string }) {
  const [state, setState] = useState<"idle" | "done" | "failed">("idle");
  useEffect(() => {
    if (state === "idle") return;
    const timer = setTimeout(() => setState("idle"), 1600);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = () =>
    copyText(text).then(
      () => setState("done"),
      () => setState("failed"),
    );
  const label = state === "failed" ? "Copying was not allowed" : `Copy ${what}`;
  return (
    <>
      <Button
        kind="quiet"
        iconOnly
        icon={state === "done" ? "check" : state === "failed" ? "cross" : "copy"}
        onClick={copy}
      >
        {label}
      </Button>
      <span className="visually-hidden" aria-live="polite">
        {state === "done" ? `Copied ${what}` : ""}
      </span>
    </>
  );
}

/** Put text on the clipboard; also on plain HTTP to another machine, where browsers hide the clipboard. */
export async function copyText(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = document.createElement("textarea");
  field.value = text;
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  if (!done) throw new Error("The browser did not copy.");
}
