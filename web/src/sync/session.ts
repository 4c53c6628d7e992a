/**
 * One open page's tie to the server: what was fetched, the stream, and the runs that it feeds.
 * Names of resources live here, and so do the rules about what makes which of them stale.
 */
import { api } from "../api/client";
import type { Event, ProjectChanged, RunDetail } from "../api/generated";
import { Observable } from "../ui/observable";
import { followed, type KnownGraph } from "./graph";
import { Resources } from "./resources";
import { LiveRuns } from "./runs";
import { EventStream } from "./stream";

export const RUN_PAGE = 50;

/** What is read of the project's files, but for the graph; by how their names begin. */
const READ_OF_PROJECT = ["project", "node:", "columns:", "compiled:", "faults", "select:"];

export class Session {
  readonly resources = new Resources();
  readonly runs = new LiveRuns((runId) => void this.runFinished(runId));
  /** The run whose states lie over the graph: from its start until the graph itself tells its results. */
  readonly overlay = new Observable<string | null>(null);
  readonly stream = new EventStream({
    url: streamAddress,
    onFrame: (frame) => {
      this.notice(frame.event);
      this.runs.receive(frame);
    },
    onReset: () => this.refetch(),
    onReady: (version) => this.greeted(version),
  });
  private manifestVersion: number | null = null;

  start(): void {
    this.stream.start();
    window.addEventListener("online", this.stream.retry);
    document.addEventListener("visibilitychange", this.stream.retry);
  }

  stop(): void {
    this.stream.stop();
    window.removeEventListener("online", this.stream.retry);
    document.removeEventListener("visibilitychange", this.stream.retry);
  }

  /** Fetch a run; what the stream said meanwhile is laid over it. */
  async loadRun(id: string): Promise<RunDetail> {
    return this.runs.load(await api.run(id));
  }

  async listRuns() {
    const list = await api.runs(RUN_PAGE);
    this.runs.setActive(list.runs.find((run) => run.status === "running")?.id ?? null);
    return list;
  }

  /** Nothing that is known can be trusted to be the newest: ask for all of it again. */
  refetch(): void {
    this.runs.forgetEvents();
    void this.resources.invalidate("");
    void this.findActiveRun();
  }

  /**
   * From here on nothing is missed, but what was fetched before may be a moment too old: runs are asked
   * for once more, and the project too if it was read anew while we were away.
   */
  private greeted(version: number): void {
    const first = this.manifestVersion === null;
    if (!first && version !== this.manifestVersion) void this.invalidateProject();
    this.manifestVersion = version;
    if (first) void this.resources.invalidate("run:");
    void this.findActiveRun();
  }

  private invalidateProject(): Promise<void> {
    return this.resources.invalidate("graph", ...READ_OF_PROJECT);
  }

  private async findActiveRun(): Promise<void> {
    try {
      const { runs } = await this.listRuns();
      const active = runs.find((run) => run.status === "running");
      if (active) await this.loadRun(active.id);
      this.overlay.set(active?.id ?? null);
    } catch {
      // The pages that need the list say what is wrong; here it only serves the indicator.
    }
  }

  private notice(event: Event): void {
    if (event.type === "project_changed") {
      this.manifestVersion = event.manifest_version;
      this.projectChanged(event);
    }
    if (event.type === "run_started") {
      this.overlay.set(event.run_id);
      void this.resources.invalidate("runs");
    }
  }

  /**
   * Details are asked for again, of which a page shows few: a node's SQL and columns may change by an edit
   * of another one. The graph is large, and is changed in place where the server says how.
   */
  private projectChanged(event: ProjectChanged): void {
    const { graph: change } = event;
    const rows = (change?.touched ?? []).map((id) => `rows:${id}:`);
    void this.resources.invalidate(...READ_OF_PROJECT, ...rows);
    void this.resources.amend<KnownGraph>("graph", (known) => followed(known, event));
  }

  private async runFinished(runId: string): Promise<void> {
    await this.resources.invalidate(`run:${runId}`, "runs", "graph", "node:", "rows:", "compiled:");
    if (this.overlay.get() === runId) this.overlay.set(null);
  }
}

function streamAddress(after: number | null): string {
  const scheme = window.location.protocol === "https:" ? "wss:" : "ws:";
  const query = after === null ? "" : `?after=${after}`;
  return `${scheme}//${window.location.host}/api/stream${query}`;
}
