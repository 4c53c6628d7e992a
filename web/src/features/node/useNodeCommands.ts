import type { NodeDetail } from "../../api/generated";
import { buildGraph, type ProjectGraph } from "../../document/graph";
import { selectorOf, withReach } from "../../document/selectors";
import { useReadOnly } from "../../sync/hooks";
import type { Command } from "../../ui/commands/registry";
import { useCommands } from "../../ui/commands/useCommands";
import { navigate } from "../../ui/location";
import { lineageHref, nodeHref } from "../routes";
import { startRun } from "../runs/startRun";

const EMPTY = buildGraph([]);

/** What can be done on a node's page, by name. */
export function useNodeCommands(node: NodeDetail, graph: ProjectGraph | null): void {
  const readOnly = useReadOnly();
  useCommands(() => nodeCommands(node, graph ?? EMPTY, readOnly), [node, graph, readOnly]);
}

function nodeCommands(node: NodeDetail, graph: ProjectGraph, readOnly: boolean): Command[] {
  const section = node.name;
  const known = graph.byId.get(node.id);
  const own = known ? selectorOf(known, graph) : node.name;
  const build = (up: "all" | 0, down: "all" | 0) =>
    void startRun({ select: withReach(own, { up, down }) });
  return [
    {
      id: "node.build",
      title: `Build ${node.name}`,
      section,
      keys: "shift+b",
      words: "run model",
      disabled: readOnly,
      run: () => build(0, 0),
    },
    {
      id: "node.buildUp",
      title: `Build ${node.name} with everything upstream`,
      section,
      words: "+model parents",
      disabled: readOnly,
      run: () => build("all", 0),
    },
    {
      id: "node.buildDown",
      title: `Build ${node.name} with everything downstream`,
      section,
      words: "model+ children",
      disabled: readOnly,
      run: () => build(0, "all"),
    },
    {
      id: "node.lineage",
      title: "Show in the lineage",
      section,
      keys: "l",
      run: () => navigate(lineageHref({ focus: node.id })),
    },
    {
      id: "node.overview",
      title: "Overview",
      section,
      keys: "1",
      run: () => navigate(nodeHref(node.id)),
    },
    {
      id: "node.code",
      title: "Code",
      section,
      keys: "2",
      words: "sql compiled raw",
      run: () => navigate(nodeHref(node.id, "code")),
    },
    {
      id: "node.rows",
      title: "Rows",
      section,
      keys: "3",
      words: "data preview table",
      run: () => navigate(nodeHref(node.id, "rows")),
    },
  ];
}
