import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { StreamEvent } from "../api/generated";
import { EventStream } from "./stream";

class FakeSocket {
  onmessage: ((message: { data: string }) => void) | null = null;
  onclose: (() => void) | null = null;
  closed = false;

  constructor(readonly url: string) {}

  says(frame: unknown): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }

  close(): void {
    this.closed = true;
  }
}

let sockets: FakeSocket[] = [];
let seen: StreamEvent[] = [];
let resets = 0;
const newest = () => sockets.at(-1)!;
const news = (seq: number) => ({ seq, run_id: "run", event: { type: "message", at: seq } });

function startStream(): EventStream {
  const stream = new EventStream({
    url: (after) => `ws://here/api/stream?after=${after}`,
    onFrame: (frame) => seen.push(frame),
    onReset: () => resets++,
    makeSocket: (url) => {
      sockets.push(new FakeSocket(url));
      return newest() as unknown as WebSocket;
    },
  });
  stream.start();
  return stream;
}

beforeEach(() => {
  vi.useFakeTimers();
  [sockets, seen, resets] = [[], [], 0];
});

afterEach(() => void vi.useRealTimers());

it("is live once it is greeted, and hands on each event once", () => {
  const stream = startStream();
  expect(stream.state.get().kind).toBe("connecting");
  newest().says({ ready: true, seq: 7, manifest_version: 1 });
  expect(stream.state.get().kind).toBe("live");
  newest().says(news(8));
  newest().says(news(8));
  newest().says({ ping: true });
  expect(seen.map((frame) => frame.seq)).toEqual([8]);
});

it("asks for what it missed after a loss, and takes the replay", () => {
  const stream = startStream();
  newest().says({ ready: true, seq: 7, manifest_version: 1 });
  newest().says(news(8));
  newest().onclose?.();
  expect(stream.state.get().kind).toBe("lost");
  vi.advanceTimersByTime(1000);
  expect(newest().url).toContain("after=8");
  newest().says({ ready: true, seq: 11, manifest_version: 1 });
  for (const seq of [9, 10, 11]) newest().says(news(seq));
  expect(seen.map((frame) => frame.seq)).toEqual([8, 9, 10, 11]);
  expect(resets).toBe(0);
});

it("begins anew where the server says that it cannot replay", () => {
  startStream();
  newest().says({ ready: true, seq: 7, manifest_version: 1 });
  newest().says({ reset: true, seq: 3 });
  newest().says(news(4));
  expect(resets).toBe(1);
  expect(seen.map((frame) => frame.seq)).toEqual([4]);
});

it("hears that the project changed, though that comes under an old number", () => {
  startStream();
  newest().says({ ready: true, seq: 7, manifest_version: 1 });
  newest().says({ seq: 7, run_id: null, event: { type: "project_changed", manifest_version: 2 } });
  expect(seen).toHaveLength(1);
});

it("takes silence for a dead line", () => {
  const stream = startStream();
  newest().says({ ready: true, seq: 7, manifest_version: 1 });
  vi.advanceTimersByTime(30_000);
  newest().says({ ping: true });
  vi.advanceTimersByTime(39_000);
  expect(stream.state.get().kind).toBe("live");
  vi.advanceTimersByTime(2_000);
  expect(stream.state.get().kind).toBe("lost");
  expect(sockets[0]!.closed).toBe(true);
});

it("waits longer after each failure, tries at once when asked, and stops when told", () => {
  const stream = startStream();
  for (let i = 0; i < 8; i++) {
    newest().onclose?.();
    vi.advanceTimersByTime(15_000);
  }
  newest().onclose?.();
  const before = sockets.length;
  vi.advanceTimersByTime(3_000);
  expect(sockets.length).toBe(before);
  stream.retry();
  expect(sockets.length).toBe(before + 1);
  stream.stop();
  vi.advanceTimersByTime(60_000);
  expect(sockets.length).toBe(before + 1);
});
