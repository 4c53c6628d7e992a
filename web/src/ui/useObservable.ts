import { useSyncExternalStore } from "react";
import type { Readable } from "./observable";

/** The present value of an observable; the component renders again when it changes. */
export function useObservable<T>(observable: Readable<T>): T {
  return useSyncExternalStore(observable.subscribe, observable.get);
}
