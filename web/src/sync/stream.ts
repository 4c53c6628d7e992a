/**
 * The event stream over one WebSocket that mends itself.
 *
 * Each frame carries a sequence number. After a loss the stream connects again and asks for what came
 * after the last number it saw; the server replays that, or says `reset` when it no longer can.
 */
import type { StreamEvent, StreamFrame, StreamReady, StreamReset } from "../api/generated";
import { Observable } from "../ui/observable";

export type StreamState =
  | { kind: "connecting" }
  | { kind: "live" }
  | { kind: "lost"; since: number; retryAt: number };

export interface StreamOptions {
  url: (after: number | null) => string;
  onFrame: (frame: StreamEvent) => void;
  /** The replay is not possible: everything known must be fetched again. */
  onReset: () => void;
  /** A connection stands; everything after this moment comes as frames. */
  onReady?: (manifestVersion: number) => void;
  makeSocket?: (url: string) => WebSocket;
  now?: () => number;
}

/** Longer than two heartbeats of 15 s: a silent line is a dead line. */
const SILENCE_MS = 40_000;
const FIRST_RETRY_MS = 400;
const LAST_RETRY_MS = 10_000;

export class EventStream {
  readonly state = new Observable<StreamState>({ kind: "connecting" });
  private socket: WebSocket | null = null;
  private lastSeq: number | null = null;
  private attempts = 0;
  private lostSince: number | null = null;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;
  private silenceTimer: ReturnType<typeof setTimeout> | undefined;
  private stopped = true;

  constructor(private readonly options: StreamOptions) {}

  start(): void {
    this.stopped = false;
    this.connect();
  }

  stop(): void {
    this.stopped = true;
    this.drop();
    clearTimeout(this.retryTimer);
  }

  /** Try now instead of when the timer says so. */
  readonly retry = (): void => {
    if (this.stopped || this.state.get().kind !== "lost") return;
    clearTimeout(this.retryTimer);
    this.connect();
  };

  private connect(): void {
    this.drop();
    const make = this.options.makeSocket ?? ((url) => new WebSocket(url));
    const socket = make(this.options.url(this.lastSeq));
    this.socket = socket;
    socket.onmessage = (message) => this.received(String(message.data));
    socket.onclose = () => this.closed(socket);
    this.watchSilence();
  }

  private received(text: string): void {
    this.watchSilence();
    const frame = JSON.parse(text) as StreamFrame;
    if ("event" in frame) this.happened(frame);
    else if ("ready" in frame) this.greeted(frame);
    else if ("reset" in frame) this.mustForget(frame);
  }

  private greeted(frame: StreamReady): void {
    this.attempts = 0;
    this.lostSince = null;
    // Only the first greeting tells our place: later ones come before the replay of what we missed.
    this.lastSeq ??= frame.seq;
    this.state.set({ kind: "live" });
    this.options.onReady?.(frame.manifest_version);
  }

  private mustForget(frame: StreamReset): void {
    this.lastSeq = frame.seq;
    this.options.onReset();
  }

  private happened(frame: StreamEvent): void {
    // News of the project is not in the log: it comes under the number of the event before it.
    if (frame.event.type !== "project_changed") {
      if (this.lastSeq !== null && frame.seq <= this.lastSeq) return;
      this.lastSeq = frame.seq;
    }
    this.options.onFrame(frame);
  }

  private closed(socket: WebSocket): void {
    if (this.stopped || socket !== this.socket) return;
    this.drop();
    const now = (this.options.now ?? Date.now)();
    this.lostSince ??= now;
    const wait = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.attempts++);
    const jittered = wait * (0.75 + Math.random() / 2);
    this.state.set({ kind: "lost", since: this.lostSince, retryAt: now + jittered });
    this.retryTimer = setTimeout(() => this.connect(), jittered);
  }

  private watchSilence(): void {
    clearTimeout(this.silenceTimer);
    this.silenceTimer = setTimeout(() => {
      if (this.socket) this.closed(this.socket);
    }, SILENCE_MS);
  }

  private drop(): void {
    clearTimeout(this.silenceTimer);
    const socket = this.socket;
    this.socket = null;
    if (!socket) return;
    socket.onmessage = socket.onclose = null;
    socket.close();
  }
}
