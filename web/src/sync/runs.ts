/**
 * Runs as they happen: joins snapshots from the server with the events of the stream.
 *
 * Frames are kept while their run is going on, so that a snapshot which arrives late is brought up to
 * date by applying them again (applying is idempotent). Changes are published once per batch.
 */
import type { Event, RunDetail, StreamEvent } from "../api/generated";
import { applyEvents, openRun } from "../document/run";
import { Observable } from "../ui/observable";

/** Ten pictures a second are live enough, and leave the machine to the run. */
const FLUSH_MS = 100;

export class LiveRuns {
  /** Every run that is open on this page, by id. */
  readonly runs = new Observable<ReadonlyMap<string, RunDetail>>(new Map());
  /** The run that is going on, or null. */
  readonly active = new Observable<string | null>(null);

  private readonly kept = new Map<string, Event[]>();
  private waiting: StreamEvent[] = [];
  private unassigned: Event[] = [];
  private scheduled = false;

  constructor(
    private readonly onFinished: (runId: string) => void,
    private readonly schedule: (flush: () => void) => void = (flush) => setTimeout(flush, FLUSH_MS),
  ) {}

  /** Take a frame from the stream; it shows after the next flush. */
  receive(frame: StreamEvent): void {
    this.waiting.push(frame);
    if (this.scheduled) return;
    this.scheduled = true;
    this.schedule(() => this.flush());
  }

  /** Take the server's snapshot of a run, brought up to date by the events seen since. */
  load(snapshot: RunDetail): RunDetail {
    const run = applyEvents(snapshot, this.kept.get(snapshot.id) ?? []);
    if (snapshot.status !== "running") this.kept.delete(snapshot.id);
    this.publish(new Map([[run.id, run]]));
    return run;
  }

  /** Learn from a list of runs which one is going on (after a page load, the stream has not said). */
  setActive(runId: string | null): void {
    this.active.set(runId);
    if (runId && this.unassigned.length) {
      const events = this.unassigned;
      this.unassigned = [];
      this.keep(runId, events);
      this.apply(runId, events);
    }
  }

  /** Forget kept events: after a reset only snapshots are true. */
  forgetEvents(): void {
    this.kept.clear();
    this.waiting = [];
    this.unassigned = [];
  }

  flush(): void {
    this.scheduled = false;
    const frames = this.waiting;
    this.waiting = [];
    const batches = new Map<string, Event[]>();
    const finished: string[] = [];
    for (const frame of frames) this.sort(frame, batches, finished);
    for (const [runId, events] of batches) this.apply(runId, events);
    for (const runId of finished) {
      if (this.active.get() === runId) this.active.set(null);
      this.onFinished(runId);
    }
  }

  private sort(frame: StreamEvent, batches: Map<string, Event[]>, finished: string[]): void {
    const { event } = frame;
    if (event.type === "run_started") this.open(event);
    const runId = frame.run_id ?? this.active.get();
    if (!runId) {
      this.unassigned.push(event);
      return;
    }
    this.keep(runId, [event]);
    const batch = batches.get(runId);
    if (batch) batch.push(event);
    else batches.set(runId, [event]);
    if (event.type === "run_finished") finished.push(runId);
  }

  private open(event: Event & { type: "run_started" }): void {
    this.active.set(event.run_id);
    this.unassigned = [];
    if (!this.runs.get().has(event.run_id)) {
      this.publish(new Map([[event.run_id, openRun(event)]]));
    }
  }

  private keep(runId: string, events: readonly Event[]): void {
    const list = this.kept.get(runId);
    if (list) list.push(...events);
    else this.kept.set(runId, [...events]);
  }

  private apply(runId: string, events: readonly Event[]): void {
    const run = this.runs.get().get(runId);
    if (!run) return;
    const changed = applyEvents(run, events);
    if (changed !== run) this.publish(new Map([[runId, changed]]));
  }

  private publish(changes: ReadonlyMap<string, RunDetail>): void {
    this.runs.set(new Map([...this.runs.get(), ...changes]));
  }
}
