"""Reads what a Python model asks for, from its syntax tree: ``dbt.ref``, ``dbt.source``, ``dbt.config``.

The code is not run while parsing, so arguments must be literals (dbt's rule).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from tidemill.engine.jinja.capture import Capture
from tidemill.engine.jinja.resolvers import ref_of, source_of
from tidemill.engine.nodes import Node
from tidemill.errors import ParsingError, Place

_CALLS = {
    "dbt.ref": "ref",
    "dbt.source": "source",
    "dbt.config": "config",
    "dbt.config.get": "get",
    "dbt.config.meta_get": "meta_get",
}


def read_python_model(node: Node) -> Capture:
    """What the model reads and sets. Raises ParsingError with the line for what dbt does not allow."""
    tree = _parsed(node)
    if tree.body:
        _check_function(tree, node)
    capture, keys = Capture(), _Keys()
    for call in _dbt_calls(tree):
        name = _CALLS[_name_of(call.func) or ""]
        args, kwargs = _literals(call, node)
        if name in {"get", "meta_get"}:
            keys.add(name, args, call, node)
        elif name == "ref":
            capture.refs.append(ref_of(tuple(args), kwargs))
        elif name == "source":
            capture.sources.append(source_of(tuple(args)))
        else:
            capture.configure(*args, **kwargs)
    if keys.options:
        capture.configure(keys.options)
    return capture


class _Keys:
    """The configuration that the model reads; dbt hands it to the model when it runs."""

    def __init__(self) -> None:
        self._found: dict[str, list[Any]] = {}

    def add(self, kind: str, args: list[Any], call: ast.Call, node: Node) -> None:
        if len(args) not in {1, 2}:
            raise _error(
                f"dbt.config.{kind}() takes a key and a default, but got {len(args)} arguments",
                call,
                node,
            )
        prefix = "config" if kind == "get" else "meta"
        self._found.setdefault(f"{prefix}_keys_used", []).append(args[0])
        default = args[1] if len(args) == 2 else None
        self._found.setdefault(f"{prefix}_keys_defaults", []).append(default)

    @property
    def options(self) -> dict[str, Any]:
        if not self._found:
            return {}
        names = ("config_keys_used", "config_keys_defaults", "meta_keys_used", "meta_keys_defaults")
        return {name: self._found.get(name, []) for name in names}


def _parsed(node: Node) -> ast.Module:
    if "{{" in node.raw_code or "{%" in node.raw_code:
        line = next(
            n for n, t in enumerate(node.raw_code.splitlines(), 1) if "{{" in t or "{%" in t
        )
        raise ParsingError(
            "No jinja in python model code is allowed",
            code="python-model",
            node=node.unique_id,
            place=Place(file=node.original_file_path, line=node.line + line - 1),
        )
    try:
        return ast.parse(node.raw_code, filename=node.original_file_path)
    except SyntaxError as error:
        line = node.line + (error.lineno or 1) - 1
        raise ParsingError(
            f"the Python code cannot be read: {error.msg}",
            code="python-model",
            node=node.unique_id,
            place=Place(file=node.original_file_path, line=line, column=error.offset),
        ) from None


def _check_function(tree: ast.Module, node: Node) -> None:
    found = [f for f in tree.body if isinstance(f, ast.FunctionDef) and f.name == "model"]
    if len(found) != 1:
        raise ParsingError(
            f"dbt allows exactly one model defined per python file, found {len(found)}",
            code="python-model",
            node=node.unique_id,
            place=Place(file=node.original_file_path, line=node.line),
            hint="write: def model(dbt, session): ...",
        )
    function = found[0]
    if not function.args.args or function.args.args[0].arg != "dbt":
        raise _error("'dbt' not provided for model as the first argument", function, node)
    if len(function.args.args) != 2:
        raise _error(
            "model function should have two args, `dbt` and a session to current warehouse",
            function,
            node,
        )
    returns = [stmt for stmt in ast.walk(function) if isinstance(stmt, ast.Return)]
    if not returns or isinstance(returns[-1].value, ast.Tuple):
        raise _error(
            "In current version of dbt-core, model function should return only one dataframe object",
            function,
            node,
        )


def _dbt_calls(tree: ast.AST) -> Iterator[ast.Call]:
    """Calls of dbt's functions, in the order of the source."""
    found = [c for c in ast.walk(tree) if isinstance(c, ast.Call) and _name_of(c.func) in _CALLS]
    yield from sorted(found, key=lambda call: (call.lineno, call.col_offset))


def _name_of(function: ast.expr) -> str | None:
    """``dbt.config.get`` for that attribute chain; None for anything else."""
    if isinstance(function, ast.Name):
        return function.id
    if isinstance(function, ast.Attribute):
        base = _name_of(function.value)
        return f"{base}.{function.attr}" if base else None
    return None


def _literals(call: ast.Call, node: Node) -> tuple[list[Any], dict[str, Any]]:
    try:
        args = [ast.literal_eval(argument) for argument in call.args]
        kwargs = {word.arg: ast.literal_eval(word.value) for word in call.keywords if word.arg}
    except ValueError:
        raise _error(
            f"the arguments of {_name_of(call.func)}() must be literals, since the code is not run "
            "while parsing",
            call,
            node,
        ) from None
    return args, kwargs


def _error(message: str, where: ast.expr | ast.stmt, node: Node) -> ParsingError:
    place = Place(
        file=node.original_file_path,
        line=node.line + where.lineno - 1,
        column=where.col_offset + 1,
    )
    return ParsingError(message, code="python-model", node=node.unique_id, place=place)
