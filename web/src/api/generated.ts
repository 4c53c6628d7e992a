// Types of the HTTP API and of the event stream. Made of the Python structs by
// tools/generate_api.py (`make generate`); `make check` fails when this file is stale.

export type NodeStatus = "success" | "pass" | "warn" | "fail" | "error" | "skipped" | "cancelled" | "partial success" | "no-op";

export type RunStatus = "running" | "success" | "failed" | "cancelled" | "crashed";

export type RunNodeStatus = "pending" | "running" | "success" | "pass" | "warn" | "fail" | "error" | "skipped" | "cancelled" | "partial success" | "no-op";

export type Level = "debug" | "info" | "warn" | "error";

export type RunCommand = "build" | "run" | "test" | "seed";

/** GET /api/project */
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

/** The newest that is known of a node. */
export interface GraphState {
  status: RunNodeStatus;
  run_id: string;
  finished_at: number | null;
}

/** How many of a node's tests ended how, last time. */
export interface TestState {
  pass: number;
  fail: number;
  warn: number;
  error: number;
}

/** A node of the lineage graph. Tests are no nodes of it: they are counted on what they test. */
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
  state: GraphState | null;
  test_state: TestState | null;
}

/** GET /api/graph */
export interface Graph {
  manifest_version: number;
  nodes: GraphNode[];
}

/** A test as its column lists it. */
export interface ColumnTest {
  id: string;
  name: string;
  status: RunNodeStatus | null;
}

/** A documented column. */
export interface ColumnDetail {
  name: string;
  data_type: string | null;
  description: string;
  tests: ColumnTest[];
}

/** A test as its node lists it, with what came of it last time. */
export interface TestDetail {
  id: string;
  name: string;
  column: string | null;
  status: RunNodeStatus | null;
  failures: number | null;
  message: string;
}

/** Where something is: a file (relative to the project), and a line and column counted from 1. */
export interface Place {
  file: string;
  line: number | null;
  column: number | null;
}

/** A word of a message under dbt's name of the field. */
export interface Fact {
  name: string;
  value: string;
}

/** One thing that is wrong: what, where, and what to do next. */
export interface Fault {
  code: string;
  label: string;
  message: string;
  place: Place | null;
  hint: string | null;
  node: string | null;
  stack: string[];
  facts: Fact[];
}

/** The newest run of a node. */
export interface LastRun {
  run_id: string;
  command: string;
  status: RunNodeStatus;
  started_at: number | null;
  finished_at: number | null;
  seconds: number | null;
  message: string;
  rows_affected: number | null;
  fault: Fault | null;
}

/** GET /api/nodes/{id} */
export interface NodeDetail {
  id: string;
  name: string;
  resource_type: string;
  package: string;
  path: string;
  description: string;
  columns: ColumnDetail[];
  tests: TestDetail[];
  config: Record<string, unknown>;
  tags: string[];
  meta: Record<string, unknown>;
  relation: string | null;
  raw_code: string;
  language: string;
  depends_on: string[];
  children: string[];
  materialized: string | null;
  patch_path: string | null;
  last_run: LastRun | null;
}

/** GET /api/nodes/{id}/compiled */
export interface CompiledCode {
  compiled_code: string;
}

/** GET /api/nodes/{id}/columns: what is known of them without asking the warehouse. */
export interface KnownColumns {
  columns: string[];
  complete: boolean;
  unknown: string;
}

/** A column of a node. */
export interface ColumnRef {
  node: string;
  column: string;
}

/** One column is made of another. */
export interface LineageStep {
  source: ColumnRef;
  result: ColumnRef;
  uses: string[];
  depth: number;
}

/** Where the trail is lost, or unsure. */
export interface LineageGap {
  node: string;
  column: string;
  reason: string;
}

/** The lineage of one column. */
export interface ColumnTrace {
  column: ColumnRef;
  upstream: LineageStep[];
  downstream: LineageStep[];
  unknown: LineageGap[];
}

/** The lineage of what was asked for: one column, or all of a node. */
export interface NodeLineage {
  node: string;
  column: string | null;
  columns: ColumnTrace[];
  rows: LineageStep[];
  complete: boolean;
  unknown: string;
}

/** A column of a preview; `type` is the warehouse's name of it. */
export interface RowColumn {
  name: string;
  type: string;
}

/** GET /api/nodes/{id}/rows: cells are null, booleans, numbers, text, lists or objects. */
export interface Rows {
  columns: RowColumn[];
  rows: unknown[][];
  truncated: boolean;
}

/** GET /api/select */
export interface Selection {
  ids: string[];
}

/** One run in a list. */
export interface RunSummary {
  id: string;
  command: string;
  arguments: Record<string, string>;
  project: string;
  target: string;
  threads: number;
  source: string;
  status: RunStatus;
  started_at: number;
  finished_at: number | null;
  seconds: number | null;
  counts: Record<string, number>;
  total: number;
  done: number;
}

/** GET /api/runs */
export interface RunList {
  runs: RunSummary[];
}

/** One node of a run. */
export interface RunNode {
  id: string;
  name: string;
  resource_type: string;
  index: number;
  status: RunNodeStatus;
  started_at: number | null;
  finished_at: number | null;
  seconds: number | null;
  description: string;
  message: string;
  rows_affected: number | null;
  failures: number | null;
  relation: string | null;
  compiled_path: string | null;
  depends_on: string[];
  fault: Fault | null;
}

/** A line for people, or a fault, that belongs to a run. */
export interface RunMessage {
  at: number;
  level: Level;
  text: string;
  node: string | null;
  code: string | null;
  fault: Fault | null;
}

/** One run with all that is known of it. */
export interface RunDetail {
  id: string;
  command: string;
  arguments: Record<string, string>;
  project: string;
  target: string;
  threads: number;
  source: string;
  status: RunStatus;
  started_at: number;
  finished_at: number | null;
  seconds: number | null;
  counts: Record<string, number>;
  total: number;
  done: number;
  nodes: RunNode[];
  messages: RunMessage[];
}

/** POST /api/runs */
export interface RunRequest {
  command: RunCommand;
  select?: string;
  exclude?: string;
  full_refresh?: boolean;
}

/** The answer to POST /api/runs and to a cancel. */
export interface RunAccepted {
  run_id: string;
}

/** GET /api/faults */
export interface Faults {
  faults: Fault[];
}

/** POST /api/reload */
export interface Reloaded {
  manifest_version: number;
  fault_count: number;
}

/** The body of every error; `faults` has all of them when there are several. */
export interface FaultReply {
  fault: Fault;
  faults: Fault[];
}

/** The first frame of every stream: where the log stands now. */
export interface StreamReady {
  seq: number;
  manifest_version: number;
  ready: true;
}

/** In place of a replay that is not possible: fetch everything anew. */
export interface StreamReset {
  seq: number;
  reset: true;
}

/** Nothing happened for a while, and the connection is fine. */
export interface StreamPing {
  ping: true;
}

export interface ParseStarted {
  type: "parse_started";
  project: string;
  root: string;
  at: number;
}

export interface ParseFinished {
  type: "parse_finished";
  project: string;
  seconds: number;
  counts: Record<string, number>;
  at: number;
}

/** One selected node in the order of the run. */
export interface NodePlan {
  unique_id: string;
  name: string;
  resource_type: string;
  depends_on: string[];
}

/** A command begins to execute nodes. `run_id` is dbt's invocation id (a UUID4). */
export interface RunStarted {
  type: "run_started";
  run_id: string;
  command: string;
  project: string;
  target: string;
  threads: number;
  nodes: NodePlan[];
  arguments: Record<string, string>;
  at: number;
}

/** An on-run-start or on-run-end statement begins. */
export interface HookStarted {
  type: "hook_started";
  name: string;
  index: number;
  total: number;
  at: number;
}

/** An on-run-start or on-run-end statement ended. */
export interface HookFinished {
  type: "hook_finished";
  name: string;
  index: number;
  total: number;
  status: NodeStatus;
  seconds: number;
  message: string;
  at: number;
}

export interface NodeStarted {
  type: "node_started";
  unique_id: string;
  name: string;
  resource_type: string;
  index: number;
  total: number;
  description: string;
  thread: string;
  at: number;
}

export interface NodeFinished {
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
  at: number;
}

/** A line for people: from `log()`, `print()`, a deprecation, or the engine itself. */
export interface Message {
  type: "message";
  text: string;
  level: Level;
  unique_id: string | null;
  code: string | null;
  data: Record<string, unknown>;
  at: number;
}

/** Something is wrong with the project itself; the command may go on to find more. */
export interface FaultFound {
  type: "fault_found";
  fault: Fault;
  level: Level;
  at: number;
}

/** One statement on a connection. Emitted only where somebody asked for level debug. */
export interface SqlExecuted {
  type: "sql_executed";
  connection: string;
  sql: string;
  seconds: number;
  status: string;
  unique_id: string | null;
  at: number;
}

export interface RunFinished {
  type: "run_finished";
  run_id: string;
  status: RunStatus;
  seconds: number;
  counts: Record<string, number>;
  at: number;
}

/** What differs in the graph between two readings of the project, so that a page need not fetch it again. */
export interface GraphChange {
  before: number;
  nodes: GraphNode[];
  gone: string[];
  touched: string[];
}

/** In the stream: the project was read anew, so what was fetched of it is old. */
export interface ProjectChanged {
  type: "project_changed";
  manifest_version: number;
  graph: GraphChange | null;
}

/** One event: of a run (`tidemill.events`), or `project_changed`. */
export interface StreamEvent {
  seq: number;
  run_id: string | null;
  event: Event;
}

export type Event =
  | ParseStarted
  | ParseFinished
  | RunStarted
  | HookStarted
  | HookFinished
  | NodeStarted
  | NodeFinished
  | Message
  | FaultFound
  | SqlExecuted
  | RunFinished
  | ProjectChanged;

export type StreamFrame = StreamReady | StreamReset | StreamPing | StreamEvent;
