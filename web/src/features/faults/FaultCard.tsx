import type { ReactNode } from "react";
import type { Fault } from "../../api/generated";
import { CopyButton } from "../../ui/Copy";
import { Icon } from "../../ui/Icon";
import { Link } from "../../ui/Link";
import { nodeHref } from "../routes";
import styles from "./FaultCard.module.css";

/** One fault in full: what happened, where, through which macros, and what to do next. */
export function FaultCard({ fault, children }: { fault: Fault; children?: ReactNode }) {
  const place = placeText(fault);
  return (
    <article className={styles.card}>
      <header className={styles.head}>
        <Icon name="fault" size={14} />
        <h3>{fault.label}</h3>
        {place && (
          <span className={styles.place}>
            <code>{place}</code>
            <CopyButton text={place} what="place" />
          </span>
        )}
        {fault.node && <Link href={nodeHref(fault.node)}>{nodeName(fault.node)}</Link>}
      </header>
      <pre className={styles.message}>{fault.message}</pre>
      {fault.stack.length > 0 && (
        <ol className={styles.stack} aria-label="Macro calls, innermost first">
          {fault.stack.map((call) => (
            <li key={call}>
              in <code>{call}</code>
            </li>
          ))}
        </ol>
      )}
      {fault.hint && (
        <p className={styles.hint}>
          <strong>Hint</strong> {fault.hint}
        </p>
      )}
      {children}
    </article>
  );
}

export function placeText({ place }: Fault): string | null {
  if (!place) return null;
  return [place.file, place.line, place.column].filter((part) => part !== null).join(":");
}

/** `model.shop.orders` as `orders`: the part that people call it by. */
function nodeName(id: string): string {
  return id.split(".").slice(2).join(".") || id;
}
