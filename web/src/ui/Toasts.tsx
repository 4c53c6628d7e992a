import { Button } from "./Button";
import { Icon } from "./Icon";
import { Link } from "./Link";
import styles from "./Toasts.module.css";
import { closeToast, toasts } from "./toasts";
import { useObservable } from "./useObservable";

export function Toasts() {
  return (
    <div className={styles.toasts} role="status" aria-live="polite">
      {useObservable(toasts).map((toast) => (
        <div key={toast.id} className={`${styles.toast} ${styles[toast.tone]}`}>
          <Icon name={toast.tone === "good" ? "check" : "fault"} />
          <div className={styles.words}>
            <p>{toast.text}</p>
            {toast.hint && <p className={styles.hint}>{toast.hint}</p>}
            {toast.link && <Link href={toast.link.href}>{toast.link.text}</Link>}
          </div>
          <Button kind="quiet" icon="close" iconOnly onClick={() => closeToast(toast.id)}>
            Close message
          </Button>
        </div>
      ))}
    </div>
  );
}
