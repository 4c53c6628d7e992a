import type { NodeDetail } from "../../api/generated";
import { useGraph } from "../../sync/hooks";
import { Empty } from "../../ui/Empty";
import { Link } from "../../ui/Link";
import { lineageHref, nodeHref } from "../routes";

const MOST = 8;

/** In place of a node that was taken away while its page was open: the ways to what is still there. */
export function Gone({ node }: { node: NodeDetail }) {
  const graph = useGraph().data;
  const near = [...node.depends_on, ...node.children].flatMap((id) => graph?.byId.get(id) ?? []);
  return (
    <Empty title={`${node.name} is gone`}>
      <p>It was removed or renamed while this page was open. If it comes back, so does the page.</p>
      <nav aria-label="Ways on">
        <p>
          <Link href={lineageHref()}>Lineage</Link>
          {near.slice(0, MOST).map((other) => (
            <span key={other.id}>
              {" · "}
              <Link href={nodeHref(other.id)}>{other.name}</Link>
            </span>
          ))}
        </p>
      </nav>
    </Empty>
  );
}
