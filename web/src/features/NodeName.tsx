import type { GraphNode } from "../api/generated";
import { Icon } from "../ui/Icon";
import { typeIcon } from "../ui/icons";
import styles from "./NodeName.module.css";

/** A node in a list: its kind as an icon, its name, and matched letters if it was searched for. */
export function NodeName({ node, marks }: { node: GraphNode; marks?: readonly number[] }) {
  return (
    <span className={styles.node} title={`${node.resource_type} ${node.name}`}>
      <Icon name={typeIcon(node.resource_type)} size={14} />
      <span className={styles.name}>{marks ? marked(node.name, marks) : node.name}</span>
    </span>
  );
}

/** Text with the letters at the given places emphasised. */
export function marked(text: string, marks: readonly number[]) {
  const at = new Set(marks);
  return [...text].map((letter, i) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: a letter is its place
    at.has(i) ? <mark key={i}>{letter}</mark> : letter,
  );
}
