import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from "react";
import type { GraphNode } from "../../api/generated";
import { search } from "../../document/search";
import { useGraph } from "../../sync/hooks";
import { type Command, commands } from "../../ui/commands/registry";
import { Dialog } from "../../ui/Dialog";
import { Icon } from "../../ui/Icon";
import { Kbd } from "../../ui/Kbd";
import { navigate } from "../../ui/location";
import { useObservable } from "../../ui/useObservable";
import { marked, NodeName } from "../NodeName";
import { nodeHref } from "../routes";
import styles from "./Palette.module.css";

type Entry =
  | { kind: "command"; id: string; command: Command; marks: readonly number[] }
  | { kind: "node"; id: string; node: GraphNode; marks: readonly number[] };

const NODES = 8;
const COMMANDS = 60;

/** Every named action and every node, a few letters away. */
export function Palette({ onClose }: { onClose: () => void }) {
  const [query, setQuery] = useState("");
  const [chosen, setChosen] = useState(0);
  const entries = useEntries(query);
  const listId = useId();
  const list = useRef<HTMLDivElement>(null);
  const current = Math.min(chosen, entries.length - 1);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the chosen entry must be seen
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }, [current, entries]);

  const take = (entry: Entry | undefined) => {
    if (!entry) return;
    onClose();
    if (entry.kind === "command") commands.run(entry.command.id);
    else navigate(nodeHref(entry.node.id));
  };
  const press = (event: KeyboardEvent) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step) {
      event.preventDefault();
      setChosen((current + step + entries.length) % Math.max(1, entries.length));
    } else if (event.key === "Enter") {
      event.preventDefault();
      take(entries[current]);
    }
  };
  return (
    <Dialog label="Commands and nodes" onClose={onClose} top>
      <div className={styles.field}>
        <Icon name="search" />
        <input
          autoFocus
          role="combobox"
          aria-expanded="true"
          aria-controls={listId}
          aria-activedescendant={entries.length ? `${listId}-${current}` : undefined}
          aria-label="Find a node or a command"
          placeholder="Find a node or a command"
          value={query}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => {
            setQuery(event.target.value);
            setChosen(0);
          }}
          onKeyDown={press}
        />
        <Kbd keys="escape" />
      </div>
      <div className={styles.list} id={listId} role="listbox" aria-label="Matches" ref={list}>
        {entries.map((entry, i) => (
          <EntryView
            key={entry.id}
            entry={entry}
            id={`${listId}-${i}`}
            heading={headingOf(entry) !== headingOf(entries[i - 1])}
            chosen={i === current}
            onHover={() => setChosen(i)}
            onTake={() => take(entry)}
          />
        ))}
        {entries.length === 0 && <p className={styles.none}>Nothing is called like that.</p>}
      </div>
    </Dialog>
  );
}

function EntryView(props: {
  entry: Entry;
  id: string;
  heading: boolean;
  chosen: boolean;
  onHover: () => void;
  onTake: () => void;
}) {
  const { entry } = props;
  return (
    <>
      {props.heading && (
        <div className={styles.heading} role="presentation">
          {headingOf(entry)}
        </div>
      )}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keys */}
      <div
        id={props.id}
        role="option"
        tabIndex={-1}
        aria-selected={props.chosen}
        className={styles.entry}
        onMouseMove={props.onHover}
        onClick={props.onTake}
      >
        {entry.kind === "node" ? (
          <>
            <NodeName node={entry.node} marks={entry.marks} />
            <span className={styles.side}>{entry.node.path}</span>
          </>
        ) : (
          <>
            <span>{marked(entry.command.title, entry.marks)}</span>
            {entry.command.keys && <Kbd keys={entry.command.keys} />}
          </>
        )}
      </div>
    </>
  );
}

function headingOf(entry: Entry | undefined): string | undefined {
  return entry?.kind === "command" ? entry.command.section : entry && "Nodes";
}

function useEntries(query: string): Entry[] {
  const all = useObservable(commands.commands);
  const graph = useGraph().data;
  return useMemo(() => {
    const usable = all.filter((command) => !command.disabled && !command.hidden);
    const title = ({ title, words }: Command) => (words ? `${title} ${words}` : title);
    const found: Entry[] = search(usable, query, title, COMMANDS).map(({ item, marks }) => ({
      kind: "command",
      id: item.id,
      command: item,
      marks: marks.filter((mark) => mark < item.title.length),
    }));
    const nodes = query.trim() ? search(graph?.nodes ?? [], query, (node) => node.name, NODES) : [];
    const entries: Entry[] = nodes.map(({ item, marks }) => ({
      kind: "node",
      id: item.id,
      node: item,
      marks,
    }));
    const order = new Map(usable.map((command) => [command.section, 0]));
    [...order.keys()].forEach((section, i) => {
      order.set(section, i);
    });
    const sectionOf = (entry: Entry) => order.get(headingOf(entry) ?? "") ?? 0;
    // Matches stand together by section; the section of the best match comes first.
    const first = found[0] ? sectionOf(found[0]) : 0;
    const rank = (entry: Entry) => (query && sectionOf(entry) === first ? -1 : sectionOf(entry));
    const sorted = found.sort((a, b) => rank(a) - rank(b));
    const strong = (nodes[0]?.score ?? 0) >= 100;
    return strong ? [...entries, ...sorted] : [...sorted, ...entries];
  }, [all, graph, query]);
}
