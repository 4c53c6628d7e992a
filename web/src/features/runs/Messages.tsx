import { useEffect, useRef, useState } from "react";
import type { RunDetail } from "../../api/generated";
import { Button } from "../../ui/Button";
import { clock } from "../../ui/format";
import styles from "./Messages.module.css";

const NEWEST = 500;

/** What the run said, in order. Stays at the end while new lines come, unless somebody reads further up. */
export function Messages({ run }: { run: RunDetail }) {
  const list = useRef<HTMLOListElement>(null);
  const atEnd = useRef(true);
  const [details, setDetails] = useState(false);
  const told = details ? run.messages : run.messages.filter((line) => line.level !== "debug");
  const shown = told.slice(-NEWEST);
  const hidden = told.length - shown.length;
  // biome-ignore lint/correctness/useExhaustiveDependencies: new lines are the reason to scroll
  useEffect(() => {
    const element = list.current;
    if (element && atEnd.current) element.scrollTop = element.scrollHeight;
  }, [told.length]);
  return (
    <section className={styles.messages} aria-label="Messages">
      <header>
        <h2>Messages</h2>
        {run.messages.some((line) => line.level === "debug") && (
          <Button kind="quiet" pressed={details} onClick={() => setDetails(!details)}>
            Details
          </Button>
        )}
      </header>
      {told.length === 0 && <p className={styles.none}>Nothing was said.</p>}
      <ol
        ref={list}
        onScroll={(event) => {
          const { scrollTop, scrollHeight, clientHeight } = event.currentTarget;
          atEnd.current = scrollHeight - scrollTop - clientHeight < 24;
        }}
      >
        {hidden > 0 && <li className={styles.none}>{hidden} earlier lines are not shown.</li>}
        {shown.map((message, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines are only ever added at the end
          <li key={i + hidden} data-level={message.level}>
            <time>{clock(message.at)}</time>
            <span>{message.text}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
