"""The comment on every statement, as ``query-comment`` of the project file says: who runs it, for which node."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tidemill.engine.jinja.tables import AttributeDict
from tidemill.engine.nodes import Macro, Node
from tidemill.engine.nodes.shape import node_dict
from tidemill.engine.project.config import DBT_VERSION
from tidemill.errors import ExecutionError

if TYPE_CHECKING:
    from tidemill.engine.jinja.macro_host import MacroHost

_NAME = "query_comment_macro"


class NodeInComment:
    """``node`` as comments see it: what it does not have reads as an empty text (dbt's rule)."""

    def __init__(self, node: Node) -> None:
        self._shape = AttributeDict(node_dict(node))

    def __getattr__(self, name: str) -> Any:
        return self._shape.get(name, "")


class QueryComments:
    """The comments of one project."""

    def __init__(self, host: MacroHost) -> None:
        self._host = host
        written = host.config.project.query_comment
        options = written if isinstance(written, Mapping) else {}
        self._is_default = written is None or (options and "comment" not in options)
        self._text = options.get("comment") if options else written
        self.append = bool(options.get("append"))

    def comment(self, node: Node | None, connection_name: str) -> str:
        """The comment for a node's statements; empty when there is none.

        Raises ExecutionError for one that would end too early, and what the project's own template raises.
        """
        if self._is_default:
            return self._default(node, connection_name)
        if not self._text:
            return ""
        text = str(self._rendered(node, connection_name) or "")
        if "*/" in text:
            raise ExecutionError(
                f'query comment contains illegal value "*/": {text}',
                code="query-comment",
                hint="change query-comment in dbt_project.yml",
            )
        return text.strip()

    def _default(self, node: Node | None, connection_name: str) -> str:
        target = self._host.config.target
        found = {
            "app": "dbt",
            "dbt_version": DBT_VERSION,
            "profile_name": target.profile_name,
            "target_name": target.name,
        }
        who = {"connection_name": connection_name} if node is None else {"node_id": node.unique_id}
        return json.dumps(found | who)

    def _rendered(self, node: Node | None, connection_name: str) -> Any:
        macro = Macro(
            unique_id=f"macro.{self._host.root_package}.{_NAME}",
            name=_NAME,
            package_name=self._host.root_package,
            path="dbt_project.yml",
            original_file_path="dbt_project.yml",
            macro_sql=f"{{%- macro {_NAME}(connection_name, node) -%}}\n{self._text}\n{{% endmacro %}}",
        )
        session = self._host.session(None, None, phase="compile")
        seen = NodeInComment(node) if node is not None else None
        return session.call_macro(macro, (connection_name, seen), {})


def commented(sql: str, comment: str, *, append: bool) -> str:
    r"""``sql`` with the comment in front, or behind it but before its semicolon.

    >>> commented("select 1;", "by me", append=True)
    'select 1\n/* by me */;'
    """
    if not comment or not sql.strip():
        return sql
    if not append:
        return f"/* {comment} */\n{sql}"
    bare = sql.rstrip()
    end = ";" if bare.endswith(";") else ""
    return f"{bare.removesuffix(';')}\n/* {comment} */{end}"
