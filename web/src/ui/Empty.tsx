import type { ReactNode } from "react";
import styles from "./Empty.module.css";

/** Says why there is nothing to see and what to do about it. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className={styles.empty}>
      <Wheel />
      <h2>{title}</h2>
      <div className={styles.words}>{children}</div>
    </div>
  );
}

/** Something is on its way. Appears only after a moment, so that quick answers do not flicker. */
export function Loading({ what }: { what: string }) {
  return (
    <div className={`${styles.empty} ${styles.loading}`} role="status">
      <Wheel turning />
      <p>Loading {what}…</p>
    </div>
  );
}

/** The mill's wheel over the water line. */
export function Wheel({ turning = false, size = 56 }: { turning?: boolean; size?: number }) {
  const paddles = Array.from({ length: 8 }, (_, i) => i * 45);
  return (
    <svg
      className={styles.wheel}
      width={size}
      height={size}
      viewBox="0 0 56 56"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.75"
      strokeLinecap="round"
      aria-hidden="true"
    >
      <g className={turning ? styles.turning : undefined}>
        <circle cx="28" cy="24" r="13" />
        <circle cx="28" cy="24" r="3" />
        {paddles.map((angle) => (
          <path key={angle} d="M28 21V5.5M25 5.5h6" transform={`rotate(${angle} 28 24)`} />
        ))}
      </g>
      <path d="M3 44c4.2 0 4.2-3 8.3-3s4.2 3 8.4 3 4.1-3 8.3-3 4.1 3 8.3 3 4.2-3 8.4-3 4.1 3 8.3 3" />
      <path d="M11 51c4.2 0 4.2-3 8.4-3s4.1 3 8.3 3 4.2-3 8.4-3 4.1 3 8.3 3" opacity=".5" />
    </svg>
  );
}
