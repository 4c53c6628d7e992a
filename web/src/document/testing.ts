/** Values for tests: small, whole, and with nothing in them that a test does not say. */
import type { GraphNode, NodeFinished, NodeStarted, RunStarted } from "../api/generated";

export function graphNode(
  id: string,
  parents: string[] = [],
  more: Partial<GraphNode> = {},
): GraphNode {
  return {
    id,
    name: id,
    resource_type: "model",
    package: "shop",
    path: `models/${id}.sql`,
    materialized: "table",
    tags: [],
    schema: "main",
    description: "",
    parents,
    test_count: 0,
    state: null,
    test_state: null,
    ...more,
  };
}

export function runStarted(ids: readonly string[], runId = "run"): RunStarted {
  return {
    type: "run_started",
    at: 100,
    run_id: runId,
    command: "build",
    project: "shop",
    target: "dev",
    threads: 4,
    nodes: ids.map((id) => ({
      unique_id: id,
      name: id,
      resource_type: id.startsWith("test") ? "test" : "model",
      depends_on: id.startsWith("test") ? [id.slice("test_".length)] : [],
    })),
    arguments: { select: "+orders", exclude: "", full_refresh: "False" },
  };
}

export function nodeStarted(id: string, at: number): NodeStarted {
  const about = { unique_id: id, name: id, resource_type: "model", index: 1, total: 1 };
  return { type: "node_started", at, ...about, description: `sql table model ${id}`, thread: "1" };
}

export function nodeFinished(
  id: string,
  at: number,
  more: Partial<NodeFinished> = {},
): NodeFinished {
  const { type: _type, at: _at, ...about } = nodeStarted(id, at);
  return {
    type: "node_finished",
    at,
    ...about,
    status: "success",
    seconds: 1,
    message: "CREATE TABLE",
    rows_affected: 10,
    failures: null,
    relation: null,
    compiled_path: null,
    fault: null,
    ...more,
  };
}
