import type { ColumnDetail, NodeDetail, TestDetail } from "../../api/generated";
import { useRows } from "../../sync/hooks";
import { count } from "../../ui/format";
import { Link } from "../../ui/Link";
import { Markdown, MarkdownLine } from "../../ui/markdown/Markdown";
import { Status } from "../../ui/Status";
import { FaultCard } from "../faults/FaultCard";
import { lineageHref } from "../routes";
import { hasRows, joinColumns } from "./columns";
import styles from "./Overview.module.css";

/** Description, columns and tests. */
export function Overview({ node }: { node: NodeDetail }) {
  const fault = node.last_run?.fault;
  return (
    <div className={styles.overview}>
      {fault && <FaultCard fault={{ ...fault, node: null }} />}
      {node.description ? (
        <Markdown text={node.description} />
      ) : (
        <p className={styles.none}>No description yet{whereToWrite(node)}.</p>
      )}
      {hasRows(node) ? (
        <BuiltColumns node={node} />
      ) : (
        <Columns id={node.id} columns={node.columns} />
      )}
      <Tests tests={node.tests} />
    </div>
  );
}

function whereToWrite({ patch_path }: NodeDetail): string {
  return patch_path ? `; ${fileOf(patch_path)} is the place for it` : "";
}

/** dbt writes the place of properties as `package://path`. */
export function fileOf(patchPath: string): string {
  return patchPath.split("://").at(-1) ?? patchPath;
}

/** The documented columns, with what the built table says about types and about further columns. */
function BuiltColumns({ node }: { node: NodeDetail }) {
  const built = useRows(node.id, 1).data?.columns ?? [];
  return <Columns id={node.id} columns={joinColumns(node.columns, built)} />;
}

function Columns({ id, columns }: { id: string; columns: readonly ColumnDetail[] }) {
  if (!columns.length) {
    return (
      <section>
        <h2>Columns</h2>
        <p className={styles.none}>
          No column is known: none is documented, and it is not built yet.
        </p>
      </section>
    );
  }
  return (
    <section>
      <h2>
        Columns <span>{columns.length}</span>
      </h2>
      <div className={styles.scroll}>
        <table className={styles.table}>
          <thead>
            <tr>
              <th>Name</th>
              <th>Type</th>
              <th>Description</th>
              <th>Tests</th>
            </tr>
          </thead>
          <tbody>
            {columns.map((column) => (
              <ColumnRow key={column.name} id={id} column={column} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function ColumnRow({ id, column }: { id: string; column: ColumnDetail }) {
  return (
    <tr>
      <th scope="row">
        <Link
          href={lineageHref({ focus: id, column: column.name })}
          title={`Where ${column.name} comes from, and what is made of it`}
        >
          {column.name}
        </Link>
      </th>
      <td>
        <code>{column.data_type?.toLowerCase()}</code>
      </td>
      <td className={styles.wide}>
        <MarkdownLine text={column.description} />
      </td>
      <td>
        <ul className={styles.marks}>
          {column.tests.map((test) => (
            <li key={test.id}>
              <Status status={test.status} /> {test.name}
            </li>
          ))}
        </ul>
      </td>
    </tr>
  );
}

const WORST_FIRST = ["error", "fail", "partial success", "warn", "running", "skipped", "cancelled"];

function Tests({ tests }: { tests: readonly TestDetail[] }) {
  if (!tests.length) {
    return (
      <section>
        <h2>Tests</h2>
        <p className={styles.none}>Nothing tests it.</p>
      </section>
    );
  }
  const rank = (test: TestDetail) => {
    const at = WORST_FIRST.indexOf(test.status ?? "");
    return at < 0 ? WORST_FIRST.length : at;
  };
  const sorted = [...tests].sort((a, b) => rank(a) - rank(b));
  return (
    <section>
      <h2>
        Tests <span>{tests.length}</span>
      </h2>
      <ul className={styles.tests}>
        {sorted.map((test) => (
          <li key={test.id} className={styles.test}>
            <Status status={test.status} />
            <span className={styles.testName}>
              {test.name} {test.column && <code>{test.column}</code>}
            </span>
            <span className={styles.says}>
              {test.failures ? `${count(test.failures)} failing` : ""}
              {test.message && test.status !== "pass" ? ` ${test.message}` : ""}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
