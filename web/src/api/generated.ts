// Types of the HTTP API and of the event stream, in the shape of the Python structs.

export type NodeStatus =
  | "success"
  | "pass"
  | "warn"
  | "fail"
  | "error"
  | "skipped"
  | "cancelled";

export type RunStatus = "running" | "success" | "failed" | "cancelled" | "crashed";

export type Level = "debug" | "info" | "warn" | "error";

export interface Place {
  file: string;
  line: number | null;
  column: number | null;
}

export interface Fault {
  code: string;
  label: string;
  message: string;
  place: Place | null;
  hint: string | null;
  node: string | null;
  stack: string[];
}

export interface ProjectInfo {
  name: string;
  target: string;
  adapter: string;
  tidemill_version: string;
  root_name: string;
  counts: Record<string, number>;
  fault_count: number;
  manifest_version: number;
  read_only: boolean;
}

export interface NodeState {
  status: NodeStatus;
  run_id: string;
  finished_at: number | null;
}

export interface TestState {
  pass: number;
  fail: number;
  warn: number;
  error: number;
}

export interface GraphNode {
  id: string;
  name: string;
  resource_type: string;
  package: string;
  path: string;
  materialized: string | null;
  tags: string[];
  schema: string | null;
  description: string;
  parents: string[];
  test_count: number;
  state: NodeState | null;
  test_state: TestState | null;
}

export interface Graph {
  manifest_version: number;
  nodes: GraphNode[];
}

export interface ColumnTest {
  id: string;
  name: string;
  status: NodeStatus | null;
}

export interface ColumnDetail {
  name: string;
  data_type: string | null;
  description: string;
  tests: ColumnTest[];
}

export interface TestDetail {
  id: string;
  name: string;
  column: string | null;
  status: NodeStatus | null;
  failures: number | null;
  message: string | null;
}

export interface LastRun {
  run_id: string;
  status: NodeStatus;
  finished_at: number | null;
  seconds: number | null;
  message: string | null;
  rows_affected: number | null;
}

export interface NodeDetail {
  id: string;
  name: string;
  resource_type: string;
  package: string;
  path: string;
  patch_path: string | null;
  description: string;
  columns: ColumnDetail[];
  tests: TestDetail[];
  config: Record<string, unknown>;
  tags: string[];
  meta: Record<string, unknown>;
  relation: string | null;
  raw_code: string | null;
  language: string;
  depends_on: string[];
  children: string[];
  last_run: LastRun | null;
  materialized: string | null;
}

export interface CompiledCode {
  compiled_code: string;
}

export interface RowColumn {
  name: string;
  type: string;
}

export interface Rows {
  columns: RowColumn[];
  rows: unknown[][];
  truncated: boolean;
}

export interface Selection {
  ids: string[];
}

export interface RunSummary {
  id: string;
  command: string;
  arguments: Record<string, string>;
  target: string;
  status: RunStatus;
  started_at: number;
  finished_at: number | null;
  seconds: number | null;
  counts: Record<string, number>;
  total: number;
  done: number;
}

export interface RunNode {
  id: string;
  name: string;
  resource_type: string;
  index: number;
  status: NodeStatus | "pending" | "running";
  started_at: number | null;
  seconds: number | null;
  message: string;
  rows_affected: number | null;
  failures: number | null;
  depends_on: string[];
  fault: Fault | null;
  compiled_path: string | null;
}

export interface RunMessage {
  at: number;
  level: Level;
  text: string;
  node: string | null;
}

export interface RunDetail extends RunSummary {
  nodes: RunNode[];
  messages: RunMessage[];
}

export interface NodePlan {
  unique_id: string;
  name: string;
  resource_type: string;
  depends_on: string[];
}

interface EventBase {
  at: number;
}

export interface ParseStarted extends EventBase {
  type: "parse_started";
  project: string;
  root: string;
}

export interface ParseFinished extends EventBase {
  type: "parse_finished";
  project: string;
  seconds: number;
  counts: Record<string, number>;
}

export interface RunStarted extends EventBase {
  type: "run_started";
  run_id: string;
  command: string;
  project: string;
  target: string;
  threads: number;
  nodes: NodePlan[];
  arguments: Record<string, string>;
}

export interface HookFinished extends EventBase {
  type: "hook_finished";
  name: string;
  index: number;
  total: number;
  status: NodeStatus;
  seconds: number;
  message: string;
}

export interface NodeStarted extends EventBase {
  type: "node_started";
  unique_id: string;
  name: string;
  resource_type: string;
  index: number;
  total: number;
  description: string;
  thread: string;
}

export interface NodeFinished extends EventBase {
  type: "node_finished";
  unique_id: string;
  name: string;
  resource_type: string;
  index: number;
  total: number;
  status: NodeStatus;
  seconds: number;
  description: string;
  message: string;
  rows_affected: number | null;
  failures: number | null;
  relation: string | null;
  compiled_path: string | null;
  fault: Fault | null;
  thread: string;
}

export interface Message extends EventBase {
  type: "message";
  text: string;
  level: Level;
  unique_id: string | null;
  code: string | null;
}

export interface FaultFound extends EventBase {
  type: "fault_found";
  fault: Fault;
  level: Level;
}

export interface SqlExecuted extends EventBase {
  type: "sql_executed";
  connection: string;
  sql: string;
  seconds: number;
  status: string;
  unique_id: string | null;
}

export interface RunFinished extends EventBase {
  type: "run_finished";
  run_id: string;
  status: RunStatus;
  seconds: number;
  counts: Record<string, number>;
}

export interface ProjectChanged {
  type: "project_changed";
  manifest_version: number;
}

export type Event =
  | ParseStarted
  | ParseFinished
  | RunStarted
  | HookFinished
  | NodeStarted
  | NodeFinished
  | Message
  | FaultFound
  | SqlExecuted
  | RunFinished
  | ProjectChanged;
