/** What is known of a node's columns, from its documentation and from the table that was built. Pure. */
import type { ColumnDetail, NodeDetail, RowColumn } from "../../api/generated";

/** Kinds that are tables or views in the warehouse, whose rows can be looked at. */
const WITH_ROWS = new Set(["model", "seed", "snapshot", "source"]);

export function hasRows({ resource_type, materialized }: NodeDetail): boolean {
  return WITH_ROWS.has(resource_type) && materialized !== "ephemeral";
}

/** Documented columns first, as they are written; then those that only the table has. */
export function joinColumns(
  documented: readonly ColumnDetail[],
  built: readonly RowColumn[],
): ColumnDetail[] {
  const types = new Map(built.map((column) => [column.name.toLowerCase(), column.type]));
  const known = new Set(documented.map((column) => column.name.toLowerCase()));
  const typed = documented.map((column) => ({
    ...column,
    data_type: column.data_type ?? types.get(column.name.toLowerCase()) ?? null,
  }));
  const further = built
    .filter((column) => !known.has(column.name.toLowerCase()))
    .map(({ name, type }) => ({ name, data_type: type, description: "", tests: [] }));
  return [...typed, ...further];
}
