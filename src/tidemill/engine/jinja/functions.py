"""The functions every template has: conversions, sets, ``log``, ``return``, ``modules``, ``exceptions``.

They depend on nothing but their arguments (and a place to send messages), in either phase.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from typing import Any, NoReturn

from tidemill.engine.jinja.tables import AttributeDict
from tidemill.errors import CompilationError, DatabaseError, ExecutionError
from tidemill.events import Message


class MacroReturn(BaseException):
    """Carries the value of ``return()`` out of a macro. Not an Exception, so that nothing catches it."""

    def __init__(self, value: Any) -> None:
        super().__init__()
        self.value = value


def return_value(value: Any = None) -> NoReturn:
    """``{{ return(x) }}``: end the macro with a value of any type."""
    raise MacroReturn(value)


def fromjson(string: str, default: Any = None) -> Any:
    """The value of a JSON text, or ``default`` when it is none."""
    try:
        return json.loads(string)
    except ValueError:
        return default


def tojson(value: Any, default: Any = None, sort_keys: bool = False) -> Any:
    """``value`` as JSON text, or ``default`` when it cannot be."""
    try:
        return json.dumps(value, sort_keys=sort_keys)
    except (ValueError, TypeError):
        return default


def fromyaml(value: str, default: Any = None) -> Any:
    """The value of a YAML text, or ``default`` when it is none."""
    import yaml

    try:
        return yaml.safe_load(value)
    except (AttributeError, ValueError, yaml.YAMLError):
        return default


def toyaml(value: Any, default: str | None = None, sort_keys: bool = False) -> str | None:
    """``value`` as YAML text, or ``default`` when it cannot be."""
    import yaml

    try:
        return yaml.safe_dump(value, sort_keys=sort_keys)
    except (ValueError, yaml.YAMLError):
        return default


def make_set(value: Any, default: Any = None) -> Any:
    """``set(value)``, or ``default`` when it is not iterable."""
    try:
        return set(value)
    except TypeError:
        return default


def make_zip(*args: Any, default: Any = None) -> Any:
    """``zip(*args)``, or ``default`` when one is not iterable."""
    try:
        return zip(*args, strict=False)
    except TypeError:
        return default


def set_strict(value: Iterable[Any]) -> set[Any]:
    """``set(value)``; an error when it is not iterable."""
    try:
        return set(value)
    except TypeError as error:
        raise CompilationError(str(error), code="set-strict") from None


def zip_strict(*args: Iterable[Any]) -> Iterable[Any]:
    """``zip(*args)``; an error when one is not iterable."""
    try:
        return zip(*args, strict=False)
    except TypeError as error:
        raise CompilationError(str(error), code="zip-strict") from None


def local_md5(value: str) -> str:
    """MD5 of ``value`` as hex, computed here and not in the warehouse."""
    return hashlib.md5(value.encode(), usedforsecurity=False).hexdigest()


def diff_of_two_dicts(
    first: dict[str, list[str]], second: dict[str, list[str]]
) -> dict[str, list[str]]:
    """What ``first`` has and ``second`` lacks, key by key, ignoring case."""
    other = {key.lower(): {item.lower() for item in items} for key, items in second.items()}
    found = {
        key: [item for item in items if item.lower() not in other.get(key.lower(), set())]
        for key, items in first.items()
    }
    return {key: items for key, items in found.items() if items}


def _raise_compiler_error(message: Any, node: Any = None) -> NoReturn:
    raise CompilationError(str(message), code="raised")


def _raise_database_error(message: Any, node: Any = None) -> NoReturn:
    raise DatabaseError(str(message), code="raised")


def _raise_execution_error(message: Any, *_: Any, **__: Any) -> NoReturn:
    raise ExecutionError(str(message), code="raised")


def _missing_config(model: Any, name: str) -> NoReturn:
    unique_id = model.get("unique_id") if isinstance(model, dict) else model
    raise CompilationError(
        f"Model '{unique_id}' does not define a required config parameter '{name}'.",
        code="config-missing",
    )


def _missing_relation(relation: Any, model: Any = None) -> NoReturn:
    raise CompilationError(f"Relation {relation} not found!", code="relation-not-found")


def _relation_wrong_type(relation: Any, expected_type: str, model: Any = None) -> NoReturn:
    raise CompilationError(
        f"Trying to create {expected_type} {relation}, but it currently exists as a {relation.type}. "
        f"Either drop {relation} manually, or run with `--full-refresh` and Tidemill will drop it for you.",
        code="relation-wrong-type",
    )


def _column_type_missing(column_names: Iterable[str]) -> NoReturn:
    raise CompilationError(
        "Contracted models require data_type to be defined for each column. "
        f"Please ensure that the column name and data_type are defined within the YAML configuration "
        f"for the {list(column_names)} column(s).",
        code="contract-type-missing",
    )


def _contract_error(yaml_columns: Any, sql_columns: Any) -> NoReturn:
    from tidemill.engine.jinja.contracts import contract_mismatch

    raise CompilationError(contract_mismatch(yaml_columns, sql_columns), code="contract")


class Exceptions:
    """dbt's ``exceptions``: raise and warn from templates."""

    def __init__(
        self,
        emit: Callable[[Message], None],
        node: str | None,
        *,
        warnings_are_errors: bool = False,
    ) -> None:
        self._emit = emit
        self._node = node
        self._warnings_are_errors = warnings_are_errors

    raise_compiler_error = staticmethod(_raise_compiler_error)
    raise_database_error = staticmethod(_raise_database_error)
    raise_not_implemented = staticmethod(_raise_execution_error)
    raise_fail_fast_error = staticmethod(_raise_execution_error)
    raise_dependency_error = staticmethod(_raise_compiler_error)
    raise_dep_not_found = staticmethod(_raise_execution_error)
    raise_cache_inconsistent = staticmethod(_raise_execution_error)
    raise_contract_error = staticmethod(_contract_error)
    missing_config = staticmethod(_missing_config)
    missing_materialization = staticmethod(_raise_execution_error)
    missing_relation = staticmethod(_missing_relation)
    relation_wrong_type = staticmethod(_relation_wrong_type)
    column_type_missing = staticmethod(_column_type_missing)

    def warn(self, message: Any, node: Any = None) -> str:
        """Tell the user, and go on. dbt's JinjaLogWarning (I061).

        Raises CompilationError under ``--warn-error``, so that it is the node that fails.
        """
        if self._warnings_are_errors:
            raise CompilationError(str(message), code="warn-error")
        self._emit(Message(text=str(message), level="warn", unique_id=self._node, code="I061"))
        return ""

    def warn_snapshot_timestamp_data_types(self, snapshot_type: str, updated_at_type: str) -> str:
        """Warn that a snapshot compares timestamps of two types."""
        return self.warn(
            f"Data type of snapshot table timestamp columns ({snapshot_type}) doesn't match derived "
            f"column 'updated_at' ({updated_at_type}). Please update snapshot config 'updated_at'."
        )

    def __getitem__(self, name: str) -> Any:
        return getattr(self, name)

    def get(self, name: str, default: Any = None) -> Any:
        """The function of that name, or ``default``."""
        return getattr(self, name, default)


def validate_any(*allowed: Any) -> Callable[[Any], None]:
    """``validation.any[...]``: a check that a value is one of, or an instance of, ``allowed``."""

    def check(value: Any) -> None:
        for option in allowed:
            if (isinstance(option, type) and isinstance(value, option)) or value == option:
                return
        expected = ",".join(map(str, allowed))
        raise CompilationError(
            f'Expected value "{value}" to be one of {expected}', code="validation"
        )

    return check


def static_functions() -> dict[str, Any]:
    """The functions that need no session, by the names templates use."""
    return {
        "return": return_value,
        "fromjson": fromjson,
        "tojson": tojson,
        "fromyaml": fromyaml,
        "toyaml": toyaml,
        "set": make_set,
        "set_strict": set_strict,
        "zip": make_zip,
        "zip_strict": zip_strict,
        "local_md5": local_md5,
        "diff_of_two_dicts": diff_of_two_dicts,
        "validation": AttributeDict({"any": validate_any}),
    }
