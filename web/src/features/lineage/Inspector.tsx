import { useMemo } from "react";
import type { GraphNode } from "../../api/generated";
import { groupOf } from "../../canvas/colouring";
import { cumulativeReach, type Direction, type ProjectGraph } from "../../document/graph";
import { selectorOf, withReach } from "../../document/selectors";
import { type ShownStates, shownOf } from "../../document/states";
import { Button, CommandButton } from "../../ui/Button";
import { ago, counted } from "../../ui/format";
import { Icon } from "../../ui/Icon";
import { type IconName, typeIcon } from "../../ui/icons";
import { Link } from "../../ui/Link";
import { MarkdownLine } from "../../ui/markdown/Markdown";
import { ColumnPanel } from "../columns/ColumnPanel";
import { NodeName } from "../NodeName";
import { nodeHref } from "../routes";
import { useNow } from "../useNow";
import styles from "./Inspector.module.css";
import { setColumn, setSelect } from "./useLineageState";

/** Kinds of nodes that have columns. */
const COLUMNS_OF = new Set(["model", "seed", "snapshot", "source"]);

/** The node in focus: how it stands, what is around it, and what can be done with it. */
export function Inspector(props: {
  node: GraphNode;
  graph: ProjectGraph;
  states: ShownStates;
  column: string | null;
  onGo: (id: string, column?: string | null) => void;
  onClose: () => void;
}) {
  const { node, states } = props;
  return (
    <aside className={styles.inspector} aria-label={`About ${node.name}`}>
      <header className={styles.head}>
        <Icon name={typeIcon(node.resource_type)} />
        <h2>
          <Link href={nodeHref(node.id)}>{node.name}</Link>
        </h2>
        <Button kind="quiet" icon="close" iconOnly onClick={props.onClose}>
          Close
        </Button>
      </header>
      <p className={styles.kind}>{kindText(node)}</p>
      <StateLine node={node} states={states} />
      {node.description && (
        <p className={styles.description}>
          <MarkdownLine text={node.description} />
        </p>
      )}
      <div className={styles.actions}>
        <CommandButton command="lineage.open" icon="open" kind="primary">
          Open
        </CommandButton>
        <CommandButton command="lineage.buildNode" icon="play">
          Build
        </CommandButton>
        <CommandButton command="lineage.both" icon="graph">
          Select both ways
        </CommandButton>
      </div>
      {COLUMNS_OF.has(node.resource_type) && (
        <ColumnPanel
          key={node.id}
          node={node}
          column={props.column}
          graph={props.graph}
          onPick={setColumn}
          onGo={props.onGo}
        />
      )}
      <Side title="Upstream" direction="up" icon="upstream" {...props} />
      <Side title="Downstream" direction="down" icon="downstream" {...props} />
    </aside>
  );
}

function StateLine({ node, states }: { node: GraphNode; states: ShownStates }) {
  const now = useNow(15_000);
  const shown = shownOf(states, node.id);
  const group = groupOf("state", node, shown);
  const at = node.state?.finished_at;
  const when = at && shown.standing !== "running" ? ago(at, now) : null;
  return (
    <p className={styles.state}>
      <span className={styles.swatch} style={{ background: `var(--${group.colour})` }} />
      {[group.label, when, testText(node)].filter(Boolean).join(" · ")}
    </p>
  );
}

function kindText(node: GraphNode): string {
  const parts = [node.resource_type.replace("_", " "), node.materialized, node.schema];
  return [...new Set(parts.filter(Boolean))].join(" · ");
}

function testText({ test_count, test_state }: GraphNode): string | null {
  if (!test_count) return null;
  const failed = (test_state?.fail ?? 0) + (test_state?.error ?? 0);
  const tests = counted(test_count, "test");
  return failed ? `${failed} of ${tests} failed` : tests;
}

/** One direction: how far it reaches, to be selected by depth, and the direct neighbours to go to. */
function Side(props: {
  title: string;
  direction: Direction;
  icon: IconName;
  node: GraphNode;
  graph: ProjectGraph;
  onGo: (id: string) => void;
}) {
  const { node, graph, direction } = props;
  const counts = useMemo(
    () => cumulativeReach(graph, node.id, direction),
    [graph, node, direction],
  );
  const near = (direction === "up" ? graph.parents : graph.children).get(node.id) ?? [];
  const selectReach = (levels: number | "all") => {
    const reach = direction === "up" ? { up: levels, down: 0 } : { up: 0, down: levels };
    setSelect(withReach(selectorOf(node, graph), reach));
  };
  if (!near.length) {
    const none = direction === "up" ? "Reads nothing else." : "Nothing reads it.";
    return (
      <section className={styles.side}>
        <h3>
          <Icon name={props.icon} size={14} /> {props.title}
        </h3>
        <p className={styles.none}>{none}</p>
      </section>
    );
  }
  return (
    <section className={styles.side}>
      <header>
        <h3>
          <Icon name={props.icon} size={14} /> {props.title}
        </h3>
        <div className={styles.depths}>
          {counts.slice(0, 3).map((nodes, i) => (
            <Button
              // biome-ignore lint/suspicious/noArrayIndexKey: a depth is its number
              key={i}
              kind="quiet"
              title={`Select ${counted(nodes, "node")} within ${counted(i + 1, "level")}`}
              onClick={() => selectReach(i + 1)}
            >
              {String(i + 1)}
            </Button>
          ))}
          <Button
            kind="quiet"
            title={`Select all ${counted(counts.at(-1) ?? 0, "node")}`}
            onClick={() => selectReach("all")}
          >
            All {counts.at(-1)}
          </Button>
        </div>
      </header>
      <ul className={styles.near}>
        {near.map((id) => (
          <li key={id}>
            <button type="button" onClick={() => props.onGo(id)}>
              <NodeName node={graph.byId.get(id)!} />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
