import { type FormEvent, useState } from "react";
import type { RunRequest } from "../../api/generated";
import { useGraph } from "../../sync/hooks";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { counted } from "../../ui/format";
import { Segmented } from "../../ui/Segmented";
import { type SelectionState, useSelection } from "../useSelection";
import styles from "./BuildDialog.module.css";
import { startRun } from "./startRun";

const COMMANDS = [
  { value: "build", label: "Build", hint: "Seeds, models and tests, in order" },
  { value: "run", label: "Run", hint: "Models only" },
  { value: "test", label: "Test", hint: "Tests only" },
  { value: "seed", label: "Seed", hint: "Seeds only" },
] as const;

/** A run, chosen with care: what to do, with what, and without what. */
export function BuildDialog({ select, onClose }: { select: string; onClose: () => void }) {
  const [request, setRequest] = useState<Required<RunRequest>>({
    command: "build",
    select,
    exclude: "",
    full_refresh: false,
  });
  const [starting, setStarting] = useState(false);
  const selection = useSelection(request.select, request.exclude);
  const change = (changes: Partial<RunRequest>) => setRequest((old) => ({ ...old, ...changes }));
  const start = async (event: FormEvent) => {
    event.preventDefault();
    setStarting(true);
    if (await startRun(request)) onClose();
    setStarting(false);
  };
  return (
    <Dialog label="Start a run" onClose={onClose}>
      <form className={styles.form} onSubmit={start}>
        <h2>Start a run</h2>
        <Segmented
          label="What to do"
          name="command"
          options={COMMANDS}
          value={request.command}
          onChange={(command) => change({ command })}
        />
        <Field
          label="Select"
          placeholder="everything"
          value={request.select}
          onChange={(value) => change({ select: value })}
        />
        <Field
          label="Exclude"
          placeholder="nothing"
          value={request.exclude}
          onChange={(value) => change({ exclude: value })}
        />
        <label className={styles.check}>
          <input
            type="checkbox"
            checked={request.full_refresh}
            onChange={(event) => change({ full_refresh: event.target.checked })}
          />
          <span>
            Full refresh <small>Drop and build incremental models and seeds from the start.</small>
          </span>
        </label>
        <Meaning selection={selection} />
        <footer>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            kind="primary"
            icon="play"
            disabled={starting || selection.fault !== null}
          >
            {starting ? "Starting…" : "Start"}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}

function Field(props: {
  label: string;
  placeholder: string;
  value: string;
  onChange: (value: string) => void;
}) {
  return (
    <label className={styles.field}>
      {props.label}
      <input
        value={props.value}
        placeholder={props.placeholder}
        spellCheck={false}
        autoComplete="off"
        autoCapitalize="off"
        onChange={(event) => props.onChange(event.target.value)}
      />
    </label>
  );
}

function Meaning({ selection }: { selection: SelectionState }) {
  const graph = useGraph().data;
  if (selection.fault) {
    return (
      <div className={styles.wrong} role="alert">
        <p>{selection.fault.message}</p>
        {selection.fault.hint && <p>{selection.fault.hint}</p>}
      </div>
    );
  }
  const nodes = selection.ids?.filter((id) => graph?.byId.has(id)).length ?? graph?.nodes.length;
  const tests = selection.ids ? selection.ids.length - (nodes ?? 0) : 0;
  const words = [
    nodes !== undefined && counted(nodes, "node"),
    tests > 0 && counted(tests, "test"),
  ].filter(Boolean);
  return (
    <p className={styles.meaning} aria-live="polite">
      {selection.ids ? "Selects " : "All of the project: "}
      {words.join(" and ")}.
    </p>
  );
}
