"""dbt's dialect of Jinja: its extra blocks, its macro names and its two kinds of undefined.

A macro block keeps its dbt name inside the compiled module (``dbt_macro__<name>``), as other tools and
tracebacks show it. Nothing here knows of nodes or warehouses.
"""

from __future__ import annotations

from typing import Any

import jinja2
import jinja2.ext
import jinja2.nodes
import jinja2.parser
import jinja2.runtime
import jinja2.sandbox

MACRO_PREFIX = "dbt_macro__"


class _Parser(jinja2.parser.Parser):
    """Jinja's parser, with dbt's typed macro parameters and prefixed macro names."""

    def parse_macro(self) -> jinja2.nodes.Macro:
        node = jinja2.nodes.Macro(lineno=next(self.stream).lineno)
        node.name = MACRO_PREFIX + self.parse_assign_target(name_only=True).name
        self.parse_signature(node)
        node.body = self.parse_statements(("name:endmacro",), drop_needle=True)
        return node

    def parse_signature(self, node: Any) -> None:
        node.args, node.defaults = [], []
        self.stream.expect("lparen")
        while self.stream.current.type != "rparen":
            if node.args:
                self.stream.expect("comma")
            argument = self.parse_assign_target(name_only=True)
            argument.set_ctx("param")
            if self.stream.skip_if("colon"):
                self._skip_type()
            if self.stream.skip_if("assign"):
                node.defaults.append(self.parse_expression())
            elif node.defaults:
                self.fail("non-default argument follows default argument")
            node.args.append(argument)
        self.stream.expect("rparen")

    def _skip_type(self) -> None:
        """Read past a type such as ``Dict[str, List[int]]``; dbt checks its form, not its meaning."""
        self.stream.expect("name")
        if not self.stream.skip_if("lbracket"):
            return
        self._skip_type()
        while self.stream.skip_if("comma"):
            self._skip_type()
        self.stream.expect("rbracket")


def _named_block(parser: jinja2.parser.Parser) -> tuple[jinja2.nodes.Macro, str]:
    node = jinja2.nodes.Macro(lineno=next(parser.stream).lineno)
    node.args, node.defaults = [], []
    name = parser.parse_assign_target(name_only=True).name
    return node, name


class MaterializationExtension(jinja2.ext.Extension):
    """``{% materialization name, adapter='x' %}``: a macro ``materialization_<name>_<adapter>``."""

    tags: set[str] = {"materialization"}  # noqa: RUF012 - an instance variable in Jinja's typing

    def parse(self, parser: jinja2.parser.Parser) -> jinja2.nodes.Macro:
        node, name = _named_block(parser)
        adapter = "default"
        languages: jinja2.nodes.Expr = jinja2.nodes.List([jinja2.nodes.Const("sql")])
        while parser.stream.skip_if("comma"):
            option = parser.parse_assign_target(name_only=True).name
            if option == "default":
                continue
            if option not in {"adapter", "supported_languages"}:
                parser.fail(
                    f"materialization '{name}' got an unknown argument '{option}'; "
                    "it takes default, adapter='...' and supported_languages=[...]"
                )
            parser.stream.expect("assign")
            value = parser.parse_expression()
            if option == "adapter":
                adapter = value.as_const()
            else:
                languages = value
        node.args = [jinja2.nodes.Name("supported_languages", "param")]
        node.defaults = [languages]
        node.name = f"{MACRO_PREFIX}materialization_{name}_{adapter}"
        node.body = parser.parse_statements(("name:endmaterialization",), drop_needle=True)
        return node


class DocsExtension(jinja2.ext.Extension):
    """``{% docs name %}``: text that descriptions can call for."""

    tags: set[str] = {"docs"}  # noqa: RUF012

    def parse(self, parser: jinja2.parser.Parser) -> jinja2.nodes.Macro:
        node, name = _named_block(parser)
        node.name = f"dbt_docs__{name}"
        node.body = parser.parse_statements(("name:enddocs",), drop_needle=True)
        return node


class TestExtension(jinja2.ext.Extension):
    """``{% test name(model, ...) %}`` (or ``data_test``): a macro ``test_<name>``."""

    __test__ = False
    tags: set[str] = {"test", "data_test"}  # noqa: RUF012

    def parse(self, parser: jinja2.parser.Parser) -> jinja2.nodes.Macro:
        word = parser.stream.current.value
        node, name = _named_block(parser)
        parser.parse_signature(node)
        node.name = f"{MACRO_PREFIX}test_{name}"
        node.body = parser.parse_statements((f"name:end{word}",), drop_needle=True)
        return node


class SessionContext(jinja2.runtime.Context):
    """A template context that reads through to a lazy mapping instead of copying it."""

    def resolve_or_missing(self, key: str) -> Any:
        if key in self.vars:
            return self.vars[key]
        return self.parent.lookup(key)  # type: ignore[attr-defined]


class Environment(jinja2.sandbox.SandboxedEnvironment):
    """dbt's text environment. Sandboxed like dbt's: underscored attributes are out of reach."""

    context_class = SessionContext

    def _parse(self, source: str, name: str | None, filename: str | None) -> jinja2.nodes.Template:
        return _Parser(self, source, name, filename).parse()


class ParseUndefined(jinja2.Undefined):
    """The undefined of dbt's parse phase: it swallows attributes, items and calls.

    While a model is parsed nothing has run, so what it reads may not exist yet; dbt lets such names
    through and complains when the model is compiled.
    """

    def __init__(
        self, hint: str | None = None, obj: Any = None, name: str | None = None, exc: Any = None
    ) -> None:
        super().__init__(hint=hint, name=name)
        # The sandbox asks every callee for these two.
        self.unsafe_callable = False
        self.alters_data = False

    def __getitem__(self, name: Any) -> ParseUndefined:  # type: ignore[override]
        return self

    def __getattr__(self, name: str) -> ParseUndefined:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return ParseUndefined(name=name)

    def __call__(self, *args: Any, **kwargs: Any) -> ParseUndefined:  # type: ignore[override]
        return self


def _same(value: Any) -> Any:
    return value


def _is_list(value: Any) -> bool:
    return isinstance(value, list)


def make_environment(*, parsing: bool = False) -> Environment:
    """An environment of dbt's dialect. ``parsing`` makes undefined names forgiving."""
    environment = Environment(
        extensions=[
            "jinja2.ext.do",
            "jinja2.ext.loopcontrols",
            MaterializationExtension,
            DocsExtension,
            TestExtension,
        ],
        undefined=ParseUndefined if parsing else jinja2.Undefined,
    )
    for name in ("as_text", "as_bool", "as_native", "as_number"):
        environment.filters[name] = _same
    environment.filters["is_list"] = _is_list
    return environment
