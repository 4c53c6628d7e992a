/** What components read from the session. */
import { createContext, useContext, useMemo } from "react";
import { api } from "../api/client";
import type { RunDetail } from "../api/generated";
import { EMPTY_GRAPH, type ProjectGraph } from "../document/graph";
import { type ShownStates, shownStates } from "../document/states";
import { useObservable } from "../ui/useObservable";
import { fetchGraph } from "./graph";
import type { Resource } from "./resources";
import type { Session } from "./session";

export const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error("useSession needs a SessionContext above it");
  return session;
}

/** A named value of the server; fetched when first shown, and again when it became stale. */
export function useResource<T>(key: string, fetcher: () => Promise<T>): Resource<T> {
  const { resources } = useSession();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key names what the fetcher fetches
  const watched = useMemo(() => resources.watch(key, fetcher), [resources, key]);
  return useObservable(watched);
}

export const useProject = () => useResource("project", api.project);

/** Whether the server shows everything and runs nothing. */
export const useReadOnly = () => useProject().data?.read_only ?? false;

export const useFaults = () => useResource("faults", async () => (await api.faults()).faults);

export const useNode = (id: string) => useResource(`node:${id}`, () => api.node(id));

export const useCompiled = (id: string) => useResource(`compiled:${id}`, () => api.compiled(id));

/** A node's columns, as far as its SQL tells them. */
export const useColumns = (id: string) => useResource(`columns:${id}`, () => api.columns(id));

/** Where a column comes from and what it goes into; nothing while `column` is null. */
export const useColumnLineage = (id: string | null, column: string | null) =>
  useResource(`columns:${id}:${column}`, () =>
    id === null || column === null ? Promise.resolve(null) : api.lineage(id, column),
  );

export const useRows = (id: string, limit: number) =>
  useResource(`rows:${id}:${limit}`, () => api.rows(id, limit));

export function useGraph(): Resource<ProjectGraph> {
  const fetched = useResource("graph", fetchGraph);
  return { ...fetched, data: fetched.data?.graph ?? null };
}

export function useRunList() {
  const session = useSession();
  const fetched = useResource("runs", () => session.listRuns());
  return { ...fetched, data: fetched.data?.runs ?? null };
}

/** A run, live while it goes on. */
export function useRun(id: string): Resource<RunDetail> {
  const session = useSession();
  const fetched = useResource(`run:${id}`, () => session.loadRun(id));
  const live = useObservable(session.runs.runs).get(id) ?? null;
  return { ...fetched, data: live ?? fetched.data };
}

/** The run that is going on, or null. */
export function useActiveRun(): RunDetail | null {
  const { runs } = useSession();
  const id = useObservable(runs.active);
  const all = useObservable(runs.runs);
  return id ? (all.get(id) ?? null) : null;
}

/** State of every node in the graph, moving while a run goes on. */
export function useShownStates(graph: ProjectGraph = EMPTY_GRAPH): ShownStates {
  const { runs, overlay } = useSession();
  const id = useObservable(overlay);
  const all = useObservable(runs.runs);
  const run = id ? (all.get(id) ?? null) : null;
  return useMemo(() => shownStates(graph.nodes, run), [graph, run]);
}
