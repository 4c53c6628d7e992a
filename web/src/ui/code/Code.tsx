import { memo, useMemo } from "react";
import styles from "./Code.module.css";
import { type Token, tokenLines } from "./tokens";

const CHUNK = 60;

/** Code to read: coloured, numbered, selectable. Long texts are laid out only where they are looked at. */
export const Code = memo(function Code(props: { code: string; language: string; label: string }) {
  const chunks = useMemo(() => {
    const lines = tokenLines(props.code.replace(/\s+$/, ""), props.language);
    return Array.from({ length: Math.ceil(lines.length / CHUNK) }, (_, i) => ({
      first: i * CHUNK,
      lines: lines.slice(i * CHUNK, (i + 1) * CHUNK),
    }));
  }, [props.code, props.language]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keys
    <section className={styles.code} aria-label={props.label} tabIndex={0}>
      {chunks.map((chunk) => (
        <pre
          key={chunk.first}
          className={styles.chunk}
          style={{ containIntrinsicSize: `auto ${chunk.lines.length * 20}px` }}
        >
          {chunk.lines.map((line, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a line is its number
            <Line key={i} tokens={line} number={chunk.first + i + 1} />
          ))}
        </pre>
      ))}
    </section>
  );
});

function Line({ tokens, number }: { tokens: Token[]; number: number }) {
  return (
    <span className={styles.line} data-line={number}>
      {tokens.map((token, i) =>
        token.kind === "plain" ? (
          token.text
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: tokens have no names and never move
          <span key={i} className={styles[token.kind]}>
            {token.text}
          </span>
        ),
      )}
      {"\n"}
    </span>
  );
}
