import { type ReactNode, useEffect, useRef } from "react";
import styles from "./Dialog.module.css";

/** A modal on the platform's own `dialog`: focus stays inside, Escape and a click beside it close it. */
export function Dialog(props: {
  label: string;
  onClose: () => void;
  children: ReactNode;
  /** High on the page and without a frame of its own, as the palette is. */
  top?: boolean;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape is the dialog's own key for this
    <dialog
      ref={dialog}
      className={props.top ? `${styles.dialog} ${styles.top}` : styles.dialog}
      aria-label={props.label}
      onCancel={(event) => {
        event.preventDefault();
        props.onClose();
      }}
      onClick={(event) => {
        if (event.target === dialog.current) props.onClose();
      }}
    >
      <div className={styles.body}>{props.children}</div>
    </dialog>
  );
}
