import { useEffect, useState } from "react";
import { faultsHref, type Route } from "../features/routes";
import { useNow } from "../features/useNow";
import { useProject, useSession } from "../sync/hooks";
import { Button } from "../ui/Button";
import { clock, counted } from "../ui/format";
import { Icon } from "../ui/Icon";
import { Link } from "../ui/Link";
import { useObservable } from "../ui/useObservable";
import styles from "./Banners.module.css";

/** What concerns every page: no connection, or a project that cannot be read whole. */
export function Banners({ route }: { route: Route }) {
  const faults = useProject().data?.fault_count ?? 0;
  return (
    <>
      <Offline />
      {faults > 0 && route.page !== "faults" && (
        <div className={`${styles.banner} ${styles.bad}`}>
          <Icon name="fault" size={14} />
          <p>{counted(faults, "fault")} in the project's files.</p>
          <Link href={faultsHref}>See what is wrong</Link>
        </div>
      )}
    </>
  );
}

/** Short losses mend themselves unseen. */
const PATIENCE_SECONDS = 1.2;

function Offline() {
  const { stream } = useSession();
  const state = useObservable(stream.state);
  const lost = state.kind === "lost" ? state : null;
  const now = useNow(lost ? 250 : null);
  const since = useLostSince(lost?.since ?? null, state.kind === "live");
  if (since === null || now - since / 1000 < PATIENCE_SECONDS) return null;
  const wait = lost ? Math.max(0, Math.ceil(lost.retryAt / 1000 - now)) : 0;
  return (
    <div className={`${styles.banner} ${styles.lost}`} role="status">
      <Icon name="unplugged" size={14} />
      <p>
        No connection since {clock(since / 1000)}. What you see is from then; nothing is lost.{" "}
        {wait > 0 ? `Trying again in ${wait} s.` : "Trying again…"}
      </p>
      <Button kind="quiet" onClick={stream.retry}>
        Try now
      </Button>
    </div>
  );
}

/** While a retry is under way the stream is neither lost nor live: the loss goes on until it is live. */
function useLostSince(since: number | null, live: boolean): number | null {
  const [kept, setKept] = useState(since);
  useEffect(() => {
    if (live) setKept(null);
    else if (since !== null) setKept(since);
  }, [since, live]);
  return kept;
}
