import { type ReactNode, useMemo } from "react";
import { Code } from "../code/Code";
import { type Block, parseBlocks } from "./blocks";
import { type Inline, parseInline } from "./inline";
import styles from "./Markdown.module.css";

/** A description as people wrote it. Everything becomes elements and text; nothing becomes HTML. */
export function Markdown({ text }: { text: string }) {
  const blocks = useMemo(() => parseBlocks(text), [text]);
  return <div className={styles.markdown}>{showBlocks(blocks)}</div>;
}

/** The first line of a description, for places that have room for one. */
export function MarkdownLine({ text }: { text: string }) {
  return <>{showInline(parseInline(text.split("\n", 1)[0] ?? ""))}</>;
}

function showBlocks(blocks: readonly Block[]): ReactNode {
  return blocks.map((block, i) => <BlockView key={keyOf(i)} block={block} />);
}

/** Blocks have no names; their place is all that tells them apart, and they never move. */
const keyOf = (place: number) => `${place}`;

function BlockView({ block }: { block: Block }) {
  switch (block.kind) {
    case "heading": {
      const Heading = block.level === 1 ? "h3" : "h4";
      return <Heading>{showInline(parseInline(block.text))}</Heading>;
    }
    case "paragraph":
      return <p>{showInline(parseInline(block.text))}</p>;
    case "list": {
      const List = block.ordered ? "ol" : "ul";
      return <List>{block.items.map((item, i) => listItem(item, i))}</List>;
    }
    case "quote":
      return <blockquote>{showBlocks(block.blocks)}</blockquote>;
    case "code":
      return <Code code={block.text} language={block.language || "sql"} label="Example" />;
    case "table":
      return <TableView head={block.head} rows={block.rows} />;
    case "rule":
      return <hr />;
  }
}

function listItem(item: Block[], place: number): ReactNode {
  const [only] = item;
  const tight = item.length === 1 && only?.kind === "paragraph";
  const inner = tight ? showInline(parseInline(only.text)) : showBlocks(item);
  return <li key={keyOf(place)}>{inner}</li>;
}

function TableView({ head, rows }: { head: string[]; rows: string[][] }) {
  return (
    <div className={styles.table}>
      <table>
        <thead>
          <tr>
            {head.map((cell, i) => (
              <th key={keyOf(i)}>{showInline(parseInline(cell))}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) => (
            <tr key={keyOf(i)}>
              {row.map((cell, j) => (
                <td key={keyOf(j)}>{showInline(parseInline(cell))}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function showInline(pieces: readonly Inline[]): ReactNode {
  return pieces.map((piece, i) => <InlineView key={keyOf(i)} piece={piece} />);
}

function InlineView({ piece }: { piece: Inline }) {
  switch (piece.kind) {
    case "text":
      return piece.text;
    case "code":
      return <code>{piece.text}</code>;
    case "strong":
      return <strong>{showInline(piece.inner)}</strong>;
    case "emphasis":
      return <em>{showInline(piece.inner)}</em>;
    case "strike":
      return <s>{showInline(piece.inner)}</s>;
    case "link":
      return (
        <a href={piece.href} target="_blank" rel="noreferrer noopener">
          {showInline(piece.inner)}
        </a>
      );
    case "break":
      return <br />;
  }
}
