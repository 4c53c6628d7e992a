import { lazy, Suspense, useEffect, useRef } from "react";
import { LineagePage } from "../features/lineage/LineagePage";
import { type Route, readRoute } from "../features/routes";
import { Empty, Loading } from "../ui/Empty";
import { Link } from "../ui/Link";
import { location } from "../ui/location";
import { Toasts } from "../ui/Toasts";
import { useObservable } from "../ui/useObservable";
import styles from "./App.module.css";
import { Banners } from "./Banners";
import { Boundary } from "./Boundary";
import { Overlays } from "./Overlays";
import { TopBar } from "./TopBar";

const NodePage = lazy(async () => ({
  default: (await import("../features/node/NodePage")).NodePage,
}));
const RunPage = lazy(async () => ({ default: (await import("../features/runs/RunPage")).RunPage }));
const RunsPage = lazy(async () => ({
  default: (await import("../features/runs/RunsPage")).RunsPage,
}));
const FaultsPage = lazy(async () => ({
  default: (await import("../features/faults/FaultsPage")).FaultsPage,
}));

export function App() {
  const { path } = useObservable(location);
  const route = readRoute(path);
  const main = useRef<HTMLElement>(null);
  useFocusOnPage(main, path);
  return (
    <div className={styles.app}>
      <a className={styles.skip} href="#main">
        Skip to the page
      </a>
      <TopBar route={route} />
      <Banners route={route} />
      <main id="main" className={styles.main} ref={main} tabIndex={-1}>
        <Boundary key={path}>
          <Suspense fallback={<Loading what="the page" />}>
            <Page route={route} />
          </Suspense>
        </Boundary>
      </main>
      <Overlays />
      <Toasts />
    </div>
  );
}

function Page({ route }: { route: Route }) {
  switch (route.page) {
    case "lineage":
      return <LineagePage />;
    case "node":
      return <NodePage key={route.id} id={route.id} />;
    case "runs":
      return <RunsPage />;
    case "run":
      return <RunPage key={route.id} id={route.id} />;
    case "faults":
      return <FaultsPage />;
    case "unknown":
      return (
        <Empty title="There is no such page">
          <p>The address may be old, or mistyped.</p>
          <Link href="/">Go to the lineage</Link>
        </Empty>
      );
  }
}

/** On a new page the focus goes to its beginning, as it would without an app; not on the first load. */
function useFocusOnPage(main: React.RefObject<HTMLElement | null>, path: string) {
  const before = useRef(path);
  useEffect(() => {
    if (before.current === path) return;
    before.current = path;
    main.current?.focus({ preventScroll: true });
  }, [main, path]);
}
