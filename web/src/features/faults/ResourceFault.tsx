import type { Fault } from "../../api/generated";
import { useSession } from "../../sync/hooks";
import { Button } from "../../ui/Button";
import { FaultCard } from "./FaultCard";
import styles from "./ResourceFault.module.css";

/** In place of something that could not be fetched: the fault, and a way to try again. */
export function ResourceFault({ fault, resource }: { fault: Fault; resource: string }) {
  const { resources } = useSession();
  return (
    <div className={styles.frame} role="alert">
      <FaultCard fault={fault}>
        <div>
          <Button icon="again" onClick={() => void resources.invalidate(resource)}>
            Try again
          </Button>
        </div>
      </FaultCard>
    </div>
  );
}
