import { type Ref, useEffect, useId, useState } from "react";
import type { ProjectGraph } from "../../document/graph";
import { Button } from "../../ui/Button";
import { count, counted } from "../../ui/format";
import { Kbd } from "../../ui/Kbd";
import type { SelectionState } from "../useSelection";
import styles from "./SelectBox.module.css";

const PAUSE_MS = 150;

/** The box for dbt's selection language. What it means, or why it means nothing, stands below it. */
export function SelectBox(props: {
  value: string;
  selection: SelectionState;
  graph: ProjectGraph;
  onChange: (select: string) => void;
  input: Ref<HTMLInputElement>;
}) {
  const { value, selection, graph, onChange } = props;
  const [draft, setDraft] = useState(value);
  const says = useId();
  useEffect(() => setDraft((old) => (old.trim() === value ? old : value)), [value]);
  useEffect(() => {
    if (draft.trim() === value) return;
    const timer = setTimeout(() => onChange(draft), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [draft, value, onChange]);
  const fault = value ? selection.fault : null;
  return (
    <div className={styles.box}>
      <div className={styles.field} data-wrong={fault !== null || undefined}>
        <label htmlFor={`${says}-input`}>Select</label>
        <input
          id={`${says}-input`}
          ref={props.input}
          value={draft}
          placeholder="+orders tag:nightly"
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="off"
          aria-describedby={says}
          aria-invalid={fault !== null}
          onChange={(event) => setDraft(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Escape") event.currentTarget.blur();
          }}
        />
        {draft ? (
          <Button
            kind="quiet"
            icon="close"
            iconOnly
            onClick={() => {
              setDraft("");
              onChange("");
            }}
          >
            Clear selection
          </Button>
        ) : (
          <Kbd keys="s" />
        )}
      </div>
      <p id={says} className={styles.says} aria-live="polite">
        {value && !fault && selection.ids && meaning(selection.ids, graph)}
      </p>
      {fault && (
        <div className={styles.fault} role="alert">
          <p>{fault.message}</p>
          {fault.hint && <p>{fault.hint}</p>}
        </div>
      )}
    </div>
  );
}

function meaning(ids: readonly string[], graph: ProjectGraph): string {
  const nodes = ids.filter((id) => graph.byId.has(id)).length;
  const tests = ids.length - nodes;
  const ofAll = `${count(nodes)} of ${counted(graph.nodes.length, "node")}`;
  return tests ? `${ofAll}, ${counted(tests, "test")}` : ofAll;
}
