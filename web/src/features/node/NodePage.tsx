import type { NodeDetail } from "../../api/generated";
import { useGraph, useNode } from "../../sync/hooks";
import { CommandButton } from "../../ui/Button";
import { CopyButton } from "../../ui/Copy";
import { Loading } from "../../ui/Empty";
import { Icon } from "../../ui/Icon";
import { typeIcon } from "../../ui/icons";
import { Link } from "../../ui/Link";
import { location } from "../../ui/location";
import { useObservable } from "../../ui/useObservable";
import { ResourceFault } from "../faults/ResourceFault";
import { lineageHref, type NodeTab, nodeHref } from "../routes";
import { useTitle } from "../useTitle";
import { CodeTab } from "./CodeTab";
import { hasRows } from "./columns";
import { Gone } from "./Gone";
import { NodeAside } from "./NodeAside";
import styles from "./NodePage.module.css";
import { NodeState } from "./NodeState";
import { Overview } from "./Overview";
import { RowsTab } from "./RowsTab";
import { useNodeCommands } from "./useNodeCommands";

/** Everything about one node: what it means, how it is made, what is in it, what is around it. */
export function NodePage({ id }: { id: string }) {
  const node = useNode(id);
  useTitle(node.data?.name ?? "Node");
  if (!node.data) {
    if (node.fault) return <ResourceFault fault={node.fault} resource={`node:${id}`} />;
    return <Loading what="the node" />;
  }
  if (node.fault?.code === "node-not-found") return <Gone node={node.data} />;
  return <NodeView node={node.data} />;
}

const TABS: readonly { id: NodeTab; title: string }[] = [
  { id: "overview", title: "Overview" },
  { id: "code", title: "Code" },
  { id: "rows", title: "Rows" },
];

function NodeView({ node }: { node: NodeDetail }) {
  const { query } = useObservable(location);
  const graph = useGraph().data;
  const tabs = TABS.filter((tab) => hasTab(node, tab.id));
  const asked = query.get("tab");
  const tab = tabs.find(({ id }) => id === asked)?.id ?? "overview";
  useNodeCommands(node, graph);
  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <div className={styles.titleRow}>
          <Icon name={typeIcon(node.resource_type)} size={20} />
          <h1>{node.name}</h1>
          <CopyButton text={node.name} what="name" />
          <div className={styles.actions}>
            <Link href={lineageHref({ focus: node.id })} className={styles.inLineage}>
              <Icon name="graph" size={14} /> Lineage
            </Link>
            <span className={styles.builds}>
              <CommandButton command="node.buildUp" title="With everything upstream">
                +{shortName(node)}
              </CommandButton>
              <CommandButton command="node.build" icon="play" kind="primary">
                Build
              </CommandButton>
              <CommandButton command="node.buildDown" title="With everything downstream">
                {shortName(node)}+
              </CommandButton>
            </span>
          </div>
        </div>
        <p className={styles.kind}>
          {[node.resource_type.replace("_", " "), node.materialized, node.package]
            .filter(Boolean)
            .join(" · ")}
          <NodeState node={node} />
        </p>
        <nav className={styles.tabs} aria-label="Parts of this page">
          {tabs.map(({ id, title }) => (
            <Link
              key={id}
              href={nodeHref(node.id, id)}
              aria-current={id === tab ? "page" : undefined}
            >
              {title}
            </Link>
          ))}
        </nav>
      </header>
      <div className={styles.body} data-tab={tab}>
        <div className={styles.main}>
          {tab === "overview" && <Overview node={node} />}
          {tab === "code" && <CodeTab node={node} />}
          {tab === "rows" && <RowsTab id={node.id} />}
        </div>
        {tab === "overview" && <NodeAside node={node} graph={graph} />}
      </div>
    </div>
  );
}

function hasTab(node: NodeDetail, tab: NodeTab): boolean {
  if (tab === "code") return node.raw_code !== "";
  if (tab === "rows") return hasRows(node);
  return true;
}

function shortName({ resource_type }: NodeDetail): string {
  return resource_type.replace("_", " ");
}
