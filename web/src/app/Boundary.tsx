import { Component, type ReactNode } from "react";
import { makeFault } from "../api/client";
import { FaultCard } from "../features/faults/FaultCard";
import { Button } from "../ui/Button";
import styles from "./App.module.css";

/** Keeps a mistake of ours on one page from taking the whole app with it. */
export class Boundary extends Component<{ children: ReactNode }, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override render() {
    const { error } = this.state;
    if (!error) return this.props.children;
    // After an upgrade of the server, a page that stayed open asks for files that are gone.
    const fault = makeFault(
      "app-error",
      "Error in the app",
      error.message,
      "Loading the page again usually helps; nothing of your project is affected.",
    );
    return (
      <div className={styles.broken} role="alert">
        <FaultCard fault={fault}>
          <div>
            <Button icon="again" onClick={() => window.location.reload()}>
              Load again
            </Button>
          </div>
        </FaultCard>
      </div>
    );
  }
}
