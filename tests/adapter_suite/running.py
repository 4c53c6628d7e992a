"""What dbt's tests call to run dbt, over Tidemill's runner in the same process.

``install`` must come before the tests are imported, for they take ``run_dbt`` by name.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import dbt.cli.exceptions
import dbt.cli.main
import dbt.exceptions
import dbt_common.exceptions
import msgspec
from dbt.adapters.factory import FACTORY
from dbt.artifacts.schemas.catalog import CatalogArtifact
from dbt.artifacts.schemas.manifest import WritableManifest
from dbt.contracts.graph.manifest import Manifest
from dbt.contracts.graph.nodes import FunctionNode
from dbt.tests import util

from tidemill import errors
from tidemill.runner import RunExecutionResult, dbtRunner, dbtRunnerResult


class _Usage(dbt_common.exceptions.DbtRuntimeError, dbt.cli.exceptions.DbtUsageException):
    """dbt has one or the other for wrong words."""


_KINDS: tuple[tuple[type[errors.TidemillError], type[Exception]], ...] = (
    (errors.CompilationError, dbt_common.exceptions.CompilationError),
    (errors.DatabaseError, dbt_common.exceptions.DbtDatabaseError),
    (errors.ConfigurationError, dbt.exceptions.DbtProjectError),
    (errors.ParsingError, dbt.exceptions.ParsingError),
    (errors.UsageError, _Usage),
)


def install() -> None:
    """Put Tidemill in the place of dbt."""
    util.dbtRunner = dbt.cli.main.dbtRunner = Runner
    util.run_dbt_and_capture = run_dbt_and_capture
    util.get_manifest = manifest_in


class Runner:
    """dbt's runner for the tests: results and errors have the classes that they look for."""

    def __init__(
        self, manifest: Any = None, callbacks: Sequence[Callable[[Any], None]] | None = None
    ) -> None:
        self._callbacks = callbacks

    def invoke(self, args: Sequence[str], **options: Any) -> dbtRunnerResult:
        let_go()
        outcome = dbtRunner(callbacks=self._callbacks).invoke(args, **options)
        if outcome.exception is not None:
            return dbtRunnerResult(success=False, exception=_as_dbts(outcome.exception))
        if args[:2] == ["docs", "generate"]:
            return dbtRunnerResult(success=outcome.success, result=_catalog(args))
        return msgspec.structs.replace(outcome, result=_with_dbts_functions(outcome.result))


def _with_dbts_functions(result: Any) -> Any:
    """Results of functions with dbt's class of node, which tests ask for."""
    if not isinstance(result, RunExecutionResult):
        return result
    results = [
        msgspec.structs.replace(one, node=FunctionNode.from_dict(one.node.to_dict()))
        if one.node.get("resource_type") == "function"
        else one
        for one in result.results
    ]
    return msgspec.structs.replace(result, results=results)


def run_dbt_and_capture(args: list[str] | None = None, expect_pass: bool = True) -> tuple[Any, str]:
    """As dbt's: the result, and what the command said."""
    said = io.StringIO()
    with redirect_stdout(said):
        result = util.run_dbt(args, expect_pass=expect_pass)
    return result, said.getvalue()


def manifest_in(project_root: Any) -> Manifest | None:
    """The manifest that the last command wrote."""
    path = Path(project_root) / "target" / "manifest.json"
    if not path.exists():
        return None
    return Manifest.from_writable_manifest(WritableManifest.read_and_check_versions(str(path)))


def let_go() -> None:
    """Close what dbt's own adapter holds open for the tests: DuckDB lets one configuration in at a time."""
    for adapter in FACTORY.adapters.values():
        adapter.connections.cleanup_all()
        environment = getattr(type(adapter.connections), "_ENV", None)
        if environment is not None:
            if environment.conn is not None:
                environment.conn.close()
            environment.conn, environment.handle_count = None, 0


def _as_dbts(error: BaseException) -> BaseException:
    text = str(error)
    if isinstance(error, errors.ProjectFaults):
        labels = {fault.label for fault in error.faults}
        kind: type[Exception] = dbt_common.exceptions.CompilationError
        if labels == {"Parsing Error"}:
            kind = dbt.exceptions.ParsingError
        return kind(text)
    for ours, dbts in _KINDS:
        if isinstance(error, ours):
            return dbts(text)
    return dbt_common.exceptions.DbtRuntimeError(text)


def _catalog(args: Sequence[str]) -> CatalogArtifact:
    folder = Path(args[args.index("--project-dir") + 1]) if "--project-dir" in args else Path()
    return CatalogArtifact.from_dict(json.loads((folder / "target" / "catalog.json").read_text()))
