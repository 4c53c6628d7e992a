/**
 * What the server said, by name: each value is fetched once, shared by all who show it, kept while a
 * newer one is on its way, and fetched again when it is invalidated while somebody looks.
 */
import { ApiError, makeFault } from "../api/client";
import type { Fault } from "../api/generated";
import { Observable, type Readable } from "../ui/observable";

export interface Resource<T> {
  data: T | null;
  fault: Fault | null;
  loading: boolean;
}

const UNKNOWN: Resource<never> = { data: null, fault: null, loading: true };

class Entry<T> {
  readonly value = new Observable<Resource<T>>(UNKNOWN);
  watchers = 0;
  stale = true;
  private asked = 0;

  constructor(public fetcher: () => Promise<T>) {}

  async load(): Promise<void> {
    const ask = ++this.asked;
    this.stale = false;
    this.value.update((old) => ({ ...old, loading: true }));
    try {
      const data = await this.fetcher();
      if (ask === this.asked) this.value.set({ data, fault: null, loading: false });
    } catch (error) {
      if (ask !== this.asked) return;
      this.stale = true;
      this.value.update((old) => ({ data: old.data, fault: faultOf(error), loading: false }));
    }
  }
}

export class Resources {
  private readonly entries = new Map<string, Entry<unknown>>();

  /** A value to watch. It is fetched when the first watcher comes and whenever it is stale then. */
  watch<T>(key: string, fetcher: () => Promise<T>): Readable<Resource<T>> {
    const entry = this.entry(key, fetcher);
    return {
      get: entry.value.get,
      subscribe: (listener) => {
        entry.watchers++;
        if (entry.stale) void entry.load();
        const stop = entry.value.subscribe(listener);
        return () => {
          entry.watchers--;
          stop();
        };
      },
    };
  }

  /** Fetch again everything whose name begins so: at once where watched, else when next watched. */
  invalidate(...prefixes: string[]): Promise<void> {
    const loads: Promise<void>[] = [];
    for (const [key, entry] of this.entries) {
      if (!prefixes.some((prefix) => key.startsWith(prefix))) continue;
      entry.stale = true;
      if (entry.watchers > 0) loads.push(entry.load());
    }
    return Promise.all(loads).then(() => undefined);
  }

  /**
   * Change a value in place instead of fetching it again. Where it is not known for sure, since it was
   * never fetched, is old, or is on its way, or `change` gives null, it is fetched again as if invalidated.
   */
  amend<T>(key: string, change: (data: T) => T | null): Promise<void> {
    const entry = this.entries.get(key) as Entry<T> | undefined;
    if (entry && !entry.stale) {
      const { data, loading } = entry.value.get();
      const changed = data === null || loading ? null : change(data);
      if (changed !== null) {
        entry.value.update((old) => ({ ...old, data: changed }));
        return Promise.resolve();
      }
    }
    return this.invalidate(key);
  }

  private entry<T>(key: string, fetcher: () => Promise<T>): Entry<T> {
    const known = this.entries.get(key) as Entry<T> | undefined;
    if (known) {
      known.fetcher = fetcher;
      return known;
    }
    const made = new Entry(fetcher);
    this.entries.set(key, made as Entry<unknown>);
    return made;
  }
}

export function faultOf(error: unknown): Fault {
  if (error instanceof ApiError) return error.fault;
  return makeFault("app-error", "Error in the app", String(error));
}
