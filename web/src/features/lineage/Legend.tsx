import { type ColourBy, legend } from "../../canvas/colouring";
import type { ProjectGraph } from "../../document/graph";
import { type ShownStates, shownOf } from "../../document/states";
import { count } from "../../ui/format";
import { Segmented } from "../../ui/Segmented";
import styles from "./Legend.module.css";
import { setColourBy, setGroup } from "./useLineageState";

const CHOICES = [
  { value: "state", label: "State" },
  { value: "type", label: "Type" },
  { value: "materialisation", label: "Materialisation" },
] as const;

/** What the colours mean and how many nodes have each; a click lights a group up. */
export function Legend(props: {
  colourBy: ColourBy;
  group: string | null;
  graph: ProjectGraph;
  states: ShownStates;
}) {
  const { colourBy, group, graph, states } = props;
  const entries = legend(colourBy, graph.nodes, (id) => shownOf(states, id));
  return (
    <div className={styles.legend}>
      <Segmented
        label="Colour by"
        name="colour"
        options={CHOICES}
        value={colourBy}
        onChange={setColourBy}
      />
      <ul className={styles.groups} aria-label="Groups">
        {entries.map(({ group: { key, label, colour }, count: nodes }) => (
          <li key={key}>
            <button
              type="button"
              className={styles.group}
              aria-pressed={key === group}
              title={`Light up: ${label}`}
              onClick={() => setGroup(key === group ? null : key)}
            >
              <span className={styles.swatch} style={{ background: `var(--${colour})` }} />
              {label}
              <span className={styles.count}>{count(nodes)}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
