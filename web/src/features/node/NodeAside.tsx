import { Fragment } from "react";
import type { NodeDetail } from "../../api/generated";
import type { ProjectGraph } from "../../document/graph";
import { CopyButton } from "../../ui/Copy";
import { Link } from "../../ui/Link";
import { NodeName } from "../NodeName";
import { nodeHref } from "../routes";
import styles from "./NodeAside.module.css";
import { fileOf } from "./Overview";

/** Beside the description: neighbours, where things are, and how it is configured. */
export function NodeAside({ node, graph }: { node: NodeDetail; graph: ProjectGraph | null }) {
  return (
    <aside className={styles.aside}>
      <Neighbours title="Parents" ids={node.depends_on} graph={graph} none="Reads nothing else." />
      <Neighbours title="Children" ids={node.children} graph={graph} none="Nothing reads it." />
      <section>
        <h2>Where</h2>
        <dl className={styles.facts}>
          {node.relation && <Place name="Relation" value={node.relation} />}
          {node.path && <Place name="File" value={node.path} />}
          {node.patch_path && <Place name="Properties" value={fileOf(node.patch_path)} />}
        </dl>
      </section>
      {node.tags.length > 0 && (
        <section>
          <h2>Tags</h2>
          <ul className={styles.tags}>
            {node.tags.map((tag) => (
              <li key={tag}>
                <Link href={`/?select=${encodeURIComponent(`tag:${tag}`)}`}>{tag}</Link>
              </li>
            ))}
          </ul>
        </section>
      )}
      <Values title="Meta" values={node.meta} />
      <Values title="Config" values={told(node.config)} />
    </aside>
  );
}

function Neighbours(props: {
  title: string;
  ids: readonly string[];
  graph: ProjectGraph | null;
  none: string;
}) {
  const known = props.ids.flatMap((id) => props.graph?.byId.get(id) ?? []);
  return (
    <section>
      <h2>
        {props.title} {known.length > 0 && <span>{known.length}</span>}
      </h2>
      {known.length === 0 && <p className={styles.none}>{props.none}</p>}
      <ul className={styles.near}>
        {known.map((other) => (
          <li key={other.id}>
            <Link href={nodeHref(other.id)}>
              <NodeName node={other} />
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Place({ name, value }: { name: string; value: string }) {
  return (
    <div className={styles.place}>
      <dt>{name}</dt>
      <dd>
        <code>{breakable(value)}</code>
        <CopyButton text={value} what={name.toLowerCase()} />
      </dd>
    </div>
  );
}

function Values({ title, values }: { title: string; values: Record<string, unknown> }) {
  const entries = Object.entries(values);
  if (!entries.length) return null;
  return (
    <section>
      <h2>{title}</h2>
      <dl className={styles.values}>
        {entries.map(([name, value]) => (
          <div key={name}>
            <dt>{breakable(name)}</dt>
            <dd>{typeof value === "string" ? value : JSON.stringify(value)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** dbt's defaults, which say nothing about this node. */
const DEFAULTS: Record<string, unknown> = {
  access: "protected",
  lookback: 1,
  on_schema_change: "ignore",
  on_configuration_change: "apply",
};

const SHOWN_ELSEWHERE = new Set(["meta", "tags", "docs", "enabled", "contract"]);

function told(config: Record<string, unknown>): Record<string, unknown> {
  const kept = Object.entries(config).filter(
    ([name, value]) => !SHOWN_ELSEWHERE.has(name) && !isEmpty(value) && value !== DEFAULTS[name],
  );
  const contract = config.contract as { enforced?: boolean } | undefined;
  if (contract?.enforced) kept.push(["contract", "enforced"]);
  return Object.fromEntries(kept);
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === false || value === "") return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}

/** Long names may break after their joints instead of anywhere. */
function breakable(text: string) {
  return text.split(/(?<=[./_])/).map((piece, i) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a piece is its place
    <Fragment key={i}>
      {piece}
      <wbr />
    </Fragment>
  ));
}
