/**
 * A run as a document: the server's snapshot, changed by events as they arrive. Pure.
 *
 * Events may come twice (a replay after a lost connection, or a snapshot that already holds them), so
 * applying one is idempotent: a node never goes back from an end to `running`, a message is kept once.
 */
import type {
  Event,
  FaultFound,
  HookFinished,
  NodeFinished,
  NodePlan,
  NodeStarted,
  NodeStatus,
  RunDetail,
  RunFinished,
  RunMessage,
  RunNode,
  RunStarted,
  RunSummary,
} from "../api/generated";

/** The document that a `run_started` event opens. */
export function openRun(event: RunStarted): RunDetail {
  return {
    id: event.run_id,
    command: event.command,
    arguments: event.arguments,
    project: event.project,
    threads: event.threads,
    source: "",
    target: event.target,
    status: "running",
    started_at: event.at,
    finished_at: null,
    seconds: null,
    counts: {},
    total: event.nodes.length,
    done: 0,
    nodes: event.nodes.map(plannedNode),
    messages: [],
  };
}

function plannedNode(plan: NodePlan, position: number): RunNode {
  return {
    id: plan.unique_id,
    name: plan.name,
    resource_type: plan.resource_type,
    index: position + 1,
    status: "pending",
    started_at: null,
    finished_at: null,
    seconds: null,
    description: "",
    message: "",
    rows_affected: null,
    failures: null,
    relation: null,
    depends_on: [...plan.depends_on],
    fault: null,
    compiled_path: null,
  };
}

/** The run after several events, applied in order with one copy. The same object if nothing changed. */
export function applyEvents(run: RunDetail, events: readonly Event[]): RunDetail {
  const draft = new RunDraft(run);
  for (const event of events) draft.apply(event);
  return draft.finished();
}

class RunDraft {
  private readonly places: Map<string, number>;
  private readonly nodes: RunNode[];
  private readonly messages: RunMessage[];
  private changes: Partial<RunSummary> = {};
  private touched = false;
  private said: Set<string> | null = null;

  constructor(private readonly run: RunDetail) {
    this.nodes = [...run.nodes];
    this.messages = [...run.messages];
    this.places = new Map(run.nodes.map((node, place) => [node.id, place]));
  }

  apply(event: Event): void {
    switch (event.type) {
      case "node_started":
        this.startNode(event);
        break;
      case "node_finished":
        this.finishNode(event);
        break;
      case "message":
        this.addMessage({ ...event, node: event.unique_id, fault: null });
        break;
      case "hook_finished":
        this.addMessage(hookMessage(event));
        break;
      case "fault_found":
        this.addMessage(faultMessage(event));
        break;
      case "run_finished":
        if (event.run_id === this.run.id) this.end(event);
        break;
      default:
        break;
    }
  }

  finished(): RunDetail {
    if (!this.touched) return this.run;
    const { counts, done } = countStatuses(this.nodes);
    const total = Math.max(this.run.total, this.nodes.length);
    const { nodes, messages } = this;
    return { ...this.run, ...this.changes, counts, done, total, nodes, messages };
  }

  private end(event: RunFinished): void {
    this.changes = { status: event.status, seconds: event.seconds, finished_at: event.at };
    this.touched = true;
  }

  private startNode(event: NodeStarted): void {
    const place = this.placeOf(event);
    const node = this.nodes[place];
    if (node?.status !== "pending") return;
    this.nodes[place] = {
      ...node,
      status: "running",
      started_at: event.at,
      index: event.index,
      description: event.description,
    };
    this.touched = true;
  }

  private finishNode(event: NodeFinished): void {
    const place = this.placeOf(event);
    const node = this.nodes[place];
    if (!node || isEnd(node.status)) return;
    this.nodes[place] = {
      ...node,
      status: event.status,
      index: event.index,
      description: event.description,
      relation: event.relation,
      finished_at: event.at,
      started_at: node.started_at ?? startOf(event),
      seconds: event.seconds,
      message: event.message,
      rows_affected: event.rows_affected,
      failures: event.failures,
      fault: event.fault,
      compiled_path: event.compiled_path,
    };
    this.touched = true;
  }

  private addMessage({ at, level, text, node, code, fault }: RunMessage): void {
    this.said ??= new Set(this.messages.map((m) => `${m.at} ${m.text}`));
    if (this.said.has(`${at} ${text}`)) return;
    this.said.add(`${at} ${text}`);
    this.messages.push({ at, level, text, node, code, fault });
    this.touched = true;
  }

  /** Where the node stands; a node that the plan did not name is added at the end. */
  private placeOf(event: NodeStarted | NodeFinished): number {
    const known = this.places.get(event.unique_id);
    if (known !== undefined) return known;
    const { unique_id, name, resource_type } = event;
    const place = this.nodes.length;
    this.nodes.push(plannedNode({ unique_id, name, resource_type, depends_on: [] }, place));
    this.places.set(unique_id, place);
    return place;
  }
}

function hookMessage({ at, name, status, message }: HookFinished): RunMessage {
  const level = status === "error" ? "error" : "info";
  const text = `Hook ${name}: ${message || status}`;
  return { at, level, text, node: null, code: null, fault: null };
}

function faultMessage({ at, level, fault }: FaultFound): RunMessage {
  return { at, level, text: fault.message, node: fault.node, code: fault.code, fault };
}

/** A skipped node never started, so it has no time of its own on the chart. */
function startOf(event: NodeFinished): number | null {
  return event.status === "skipped" ? null : event.at - event.seconds;
}

export function isEnd(status: RunNode["status"]): status is NodeStatus {
  return status !== "pending" && status !== "running";
}

export function countStatuses(nodes: readonly RunNode[]): {
  counts: Record<string, number>;
  done: number;
} {
  const counts: Record<string, number> = {};
  let done = 0;
  for (const { status } of nodes) {
    if (!isEnd(status)) continue;
    counts[status] = (counts[status] ?? 0) + 1;
    done++;
  }
  return { counts, done };
}

/** What a list shows of a run. */
export function summaryOf(run: RunDetail): RunSummary {
  const { nodes: _nodes, messages: _messages, ...summary } = run;
  return summary;
}

/** The run's own text for building the same again. */
export function requestOf(run: RunSummary): { select: string; exclude: string; full: boolean } {
  return {
    select: run.arguments.select ?? "",
    exclude: run.arguments.exclude ?? "",
    full: /^(true|1|yes)$/i.test(run.arguments.full_refresh ?? ""),
  };
}
