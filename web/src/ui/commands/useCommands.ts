import { useEffect, useMemo } from "react";
import { useObservable } from "../useObservable";
import { type Command, commands } from "./registry";

/** Offer commands while the component is on screen. `make` runs again when `inputs` change. */
export function useCommands(make: () => Command[], inputs: readonly unknown[]): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the caller lists what the commands read
  const made = useMemo(make, inputs);
  useEffect(() => commands.register(made), [made]);
}

/** A command by its id, or undefined while nobody offers it. */
export function useCommand(id: string): Command | undefined {
  return useObservable(commands.commands).find((command) => command.id === id);
}
