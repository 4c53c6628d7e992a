"""Where the exports of saved queries go: what they leave open is filled in as for any relation."""

from __future__ import annotations

import msgspec

from tidemill.engine.jinja.macro_host import MacroHost
from tidemill.engine.nodes import Analysis
from tidemill.engine.nodes.semantics import Export, SavedQuery
from tidemill.engine.parsing.naming import Naming


class ExportNames:
    """Names exports by the project's rules for schemas, databases and aliases."""

    def __init__(self, host: MacroHost) -> None:
        self._naming = Naming(host)

    def named(self, query: SavedQuery) -> SavedQuery:
        """``query`` with complete exports. Raises what a project's own macro raises."""
        exports = tuple(self._named(export, query) for export in query.exports)
        return msgspec.structs.replace(query, exports=exports)

    def _named(self, export: Export, query: SavedQuery) -> Export:
        config = export.config
        # The macros that name relations want a node; one without SQL stands for the export. A schema
        # of the export's own is taken as it is (dbt's rule).
        node = self._naming.named(
            Analysis(
                unique_id=query.unique_id,
                resource_type="analysis",
                name=export.name,
                package_name=query.package_name,
                path=query.path,
                original_file_path=query.original_file_path,
                fqn=query.fqn,
                alias=export.name,
                schema="",
                database=None,
                config={"alias": config.alias, "database": config.database},
            )
        )
        settled = msgspec.structs.replace(
            config,
            schema_name=config.schema_name or node.schema,
            alias=config.alias or node.alias,
            database=node.database or config.database,
        )
        return msgspec.structs.replace(export, config=settled)
