import { expect, it } from "vitest";
import { ApiError, OFFLINE } from "../api/client";
import { Resources } from "./resources";

const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

it("fetches once for all who watch, and again when invalidated while watched", async () => {
  const resources = new Resources();
  let fetched = 0;
  const fetcher = async () => ++fetched;
  const watched = resources.watch("graph", fetcher);
  expect(watched.get()).toEqual({ data: null, fault: null, loading: true });
  const stop = watched.subscribe(() => {});
  resources.watch("graph", fetcher).subscribe(() => {});
  await settled();
  expect(watched.get()).toEqual({ data: 1, fault: null, loading: false });
  await resources.invalidate("gra");
  expect(watched.get().data).toBe(2);
  await resources.invalidate("other");
  expect(fetched).toBe(2);
  stop();
});

it("waits with fetching until somebody looks", async () => {
  const resources = new Resources();
  let fetched = 0;
  const watched = resources.watch("node:a", async () => ++fetched);
  watched.subscribe(() => {})();
  await settled();
  await resources.invalidate("");
  expect(fetched).toBe(1);
  watched.subscribe(() => {});
  await settled();
  expect(watched.get().data).toBe(2);
});

it("keeps what it had when a newer answer fails, and says why", async () => {
  const resources = new Resources();
  let broken = false;
  const watched = resources.watch("runs", async () => {
    if (broken) throw new ApiError(OFFLINE, 0);
    return "old";
  });
  watched.subscribe(() => {});
  await settled();
  broken = true;
  await resources.invalidate("runs");
  expect(watched.get()).toEqual({ data: "old", fault: OFFLINE, loading: false });
});

it("lets the newest question win over a late answer", async () => {
  const resources = new Resources();
  const answers: ((value: string) => void)[] = [];
  const watched = resources.watch("x", () => new Promise<string>((done) => answers.push(done)));
  watched.subscribe(() => {});
  void resources.invalidate("x");
  answers[1]!("second");
  answers[0]!("first");
  await settled();
  expect(watched.get().data).toBe("second");
});

it("changes a value in place without asking for it", async () => {
  const resources = new Resources();
  let fetched = 0;
  const watched = resources.watch("graph", async () => ++fetched);
  watched.subscribe(() => {});
  await settled();
  await resources.amend<number>("graph", (data) => data + 10);
  expect(watched.get()).toEqual({ data: 11, fault: null, loading: false });
  expect(fetched).toBe(1);
});

it("asks for a value that cannot be changed, or is on its way", async () => {
  const resources = new Resources();
  const answers: ((value: string) => void)[] = [];
  const watched = resources.watch("x", () => new Promise<string>((done) => answers.push(done)));
  watched.subscribe(() => {});
  void resources.amend<string>("x", (data) => `${data}!`);
  expect(answers).toHaveLength(2);
  answers[1]!("second");
  answers[0]!("first");
  await settled();
  expect(watched.get().data).toBe("second");
  void resources.amend<string>("x", () => null);
  expect(answers).toHaveLength(3);
});
