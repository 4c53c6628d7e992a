/**
 * Named actions. Each thing a person can do is one command, and buttons, keys and the palette all
 * run it by its id. Parts of the app register commands while they are on screen.
 */
import { Observable } from "../observable";

export interface Command {
  /** A stable name, such as `lineage.fit`. */
  id: string;
  /** What it does, as a person would say it. */
  title: string;
  /** Heading in the palette. */
  section: string;
  /** Keys as in `keys.ts`: `mod+k`, `f`, `g l`. */
  keys?: string;
  /** Other words that should find it. */
  words?: string;
  /** Present but not possible right now. */
  disabled?: boolean;
  /** Kept out of the palette (for instance Escape). */
  hidden?: boolean;
  run: () => void;
}

export class CommandRegistry {
  private readonly groups = new Set<readonly Command[]>();
  readonly commands = new Observable<readonly Command[]>([]);

  /** Add commands; the last registered wins where ids or keys clash. Returns the way to remove them. */
  register(commands: readonly Command[]): () => void {
    this.groups.add(commands);
    this.publish();
    return () => {
      this.groups.delete(commands);
      this.publish();
    };
  }

  find(id: string): Command | undefined {
    return this.commands.get().find((command) => command.id === id);
  }

  /** Run by id; true if there was such a command and it was possible. */
  run(id: string): boolean {
    const command = this.find(id);
    if (!command || command.disabled) return false;
    command.run();
    return true;
  }

  private publish(): void {
    const byId = new Map<string, Command>();
    for (const group of this.groups) for (const command of group) byId.set(command.id, command);
    this.commands.set([...byId.values()]);
  }
}

export const commands = new CommandRegistry();
