/**
 * The event stream over one WebSocket that mends itself.
 *
 * Each frame carries a sequence number. After a loss the stream connects again and asks for what came
 * after the last number it saw; the server replays that, or says `reset` when it no longer can.
 */
import type { Event } from "../api/generated";
import { Observable } from "../ui/observable";

export type StreamState =
  | { kind: "connecting" }
  | { kind: "live" }
  | { kind: "lost"; since: number; retryAt: number };

export interface Frame {
  seq: number;
  event: Event;
  /** The run that the event belongs to, where the server says so. */
  run_id?: string | null;
}

type ServerFrame = Partial<Frame> & { reset?: boolean; ping?: unknown };

export interface StreamOptions {
  url: (after: number | null) => string;
  onFrame: (frame: Frame) => void;
  /** The replay is not possible, or the stream was away: everything known must be fetched again. */
  onReset: () => void;
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
    socket.onopen = () => this.opened();
    socket.onmessage = (message) => this.received(String(message.data));
    socket.onclose = () => this.closed(socket);
    this.watchSilence();
  }

  private opened(): void {
    this.attempts = 0;
    // Without a number to ask after, nothing can be replayed: what happened meanwhile is unknown.
    if (this.lostSince !== null && this.lastSeq === null) this.options.onReset();
    this.lostSince = null;
    this.state.set({ kind: "live" });
    this.watchSilence();
  }

  private received(text: string): void {
    this.watchSilence();
    const frame = JSON.parse(text) as ServerFrame;
    if (frame.reset) {
      this.lastSeq = frame.seq ?? null;
      this.options.onReset();
      return;
    }
    if (typeof frame.seq !== "number") return;
    const seen = this.lastSeq !== null && frame.seq <= this.lastSeq;
    this.lastSeq = Math.max(this.lastSeq ?? frame.seq, frame.seq);
    if (frame.event && !seen) this.options.onFrame(frame as Frame);
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
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }
}
