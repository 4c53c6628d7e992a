/** Where the app is: path and query as an observable, changed by `navigate` and by the browser's buttons. */
import { Observable } from "./observable";

export interface Location {
  path: string;
  query: URLSearchParams;
}

export const location = new Observable<Location>(read());

/** Go to an address inside the app. `replace` keeps the browser's history as it is. */
export function navigate(href: string, options: { replace?: boolean } = {}): void {
  if (href === window.location.pathname + window.location.search) return;
  if (options.replace) history.replaceState(null, "", href);
  else history.pushState(null, "", href);
  location.set(read());
}

/** Change some of the query; `null` removes a name. History is replaced unless `push` is asked for. */
export function changeQuery(
  changes: Record<string, string | null>,
  options: { push?: boolean } = {},
): void {
  const query = new URLSearchParams(window.location.search);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === "") query.delete(name);
    else query.set(name, value);
  }
  const text = query.toString();
  navigate(window.location.pathname + (text ? `?${text}` : ""), { replace: !options.push });
}

function read(): Location {
  if (typeof window === "undefined") return { path: "/", query: new URLSearchParams() };
  return { path: window.location.pathname, query: new URLSearchParams(window.location.search) };
}

if (typeof window !== "undefined") {
  window.addEventListener("popstate", () => location.set(read()));
}
