import { isApple } from "./commands/keyboard";
import { keysLabel } from "./commands/keys";
import styles from "./Kbd.module.css";

/** Keys as they are pressed. */
export function Kbd({ keys }: { keys: string }) {
  return (
    <span className={styles.keys}>
      {keysLabel(keys, isApple).map((press) => (
        <kbd key={press}>{press}</kbd>
      ))}
    </span>
  );
}
