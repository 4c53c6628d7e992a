/**
 * The one place that speaks HTTP. Every failure is thrown as an `ApiError` that carries a `Fault`,
 * whether the server said it or the connection broke, so that pages render one kind of value.
 */
import type {
  CompiledCode,
  Fault,
  FaultReply,
  Faults,
  Graph,
  KnownColumns,
  NodeDetail,
  NodeLineage,
  ProjectInfo,
  Reloaded,
  Rows,
  RunAccepted,
  RunDetail,
  RunList,
  RunRequest,
  Selection,
} from "./generated";

export class ApiError extends Error {
  constructor(
    readonly fault: Fault,
    readonly status: number,
  ) {
    super(fault.message);
  }
}

export const api = {
  project: () => get<ProjectInfo>("/api/project"),
  graph: () => get<Graph>("/api/graph"),
  node: (id: string) => get<NodeDetail>(`/api/nodes/${encodeURIComponent(id)}`),
  compiled: (id: string) => get<CompiledCode>(`/api/nodes/${encodeURIComponent(id)}/compiled`),
  rows: (id: string, limit: number) =>
    get<Rows>(`/api/nodes/${encodeURIComponent(id)}/rows?limit=${limit}`),
  columns: (id: string) => get<KnownColumns>(`/api/nodes/${encodeURIComponent(id)}/columns`),
  lineage: (id: string, column: string) =>
    get<NodeLineage>(
      `/api/nodes/${encodeURIComponent(id)}/lineage?${new URLSearchParams({ column })}`,
    ),
  select: (select: string, exclude: string) =>
    get<Selection>(`/api/select?${new URLSearchParams({ q: select, exclude })}`),
  runs: (limit: number, before?: string) =>
    get<RunList>(
      `/api/runs?${new URLSearchParams({ limit: String(limit), ...(before && { before }) })}`,
    ),
  run: (id: string) => get<RunDetail>(`/api/runs/${encodeURIComponent(id)}`),
  startRun: (request: RunRequest) => post<RunAccepted>("/api/runs", request),
  cancelRun: (id: string) => post<RunAccepted>(`/api/runs/${encodeURIComponent(id)}/cancel`),
  faults: () => get<Faults>("/api/faults"),
  reload: () => post<Reloaded>("/api/reload"),
};

const get = <T>(path: string) => request<T>(path, { method: "GET" });

const post = <T>(path: string, body?: unknown) =>
  request<T>(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body ?? {}),
  });

async function request<T>(path: string, init: RequestInit): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, { ...init, credentials: "same-origin" });
  } catch {
    throw new ApiError(OFFLINE, 0);
  }
  const body = await readJson(response);
  if (!response.ok) throw new ApiError(faultOf(body) ?? unexpected(response), response.status);
  return body as T;
}

async function readJson(response: Response): Promise<unknown> {
  const text = await response.text();
  if (!text) return null;
  try {
    return JSON.parse(text);
  } catch {
    if (response.ok) throw new ApiError(unexpected(response), response.status);
    return null;
  }
}

function faultOf(body: unknown): Fault | null {
  if (typeof body !== "object" || body === null || !("fault" in body)) return null;
  return (body as FaultReply).fault;
}

export function makeFault(code: string, label: string, message: string, hint?: string): Fault {
  return {
    code,
    label,
    message,
    hint: hint ?? null,
    place: null,
    node: null,
    stack: [],
    facts: [],
  };
}

export const OFFLINE = makeFault(
  "offline",
  "No connection",
  "The Tidemill server does not answer.",
  "Is `tidemill serve` still running? This page tries again by itself.",
);

function unexpected(response: Response): Fault {
  if (response.status === 401) {
    return makeFault(
      "token-needed",
      "Not signed in",
      "This server asks for a token.",
      "Open the address that `tidemill serve` printed; it carries the token.",
    );
  }
  return makeFault(
    "unexpected-reply",
    "Unexpected reply",
    `The server answered ${response.status} ${response.statusText} without saying why.`,
    "The terminal that runs the server may say more.",
  );
}
