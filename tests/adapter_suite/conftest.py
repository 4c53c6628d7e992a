"""Runs dbt's tests for adapters against Tidemill, on DuckDB or on Postgres.

dbt's fixtures write the projects, and dbt's adapter runs the tests' own SQL; every command is Tidemill's. What does
not pass stands in ``known.yml`` with its reason, and a test that stands there and passes fails the run.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import dbt.tests.adapter
import psycopg
import pytest
import yaml

from tests import postgres_server

KNOWN = Path(__file__).with_name("known.yml")
USERS = ("dbt_test_user_1", "dbt_test_user_2", "dbt_test_user_3")


def pytest_addoption(parser: pytest.Parser) -> None:
    """The warehouse to run on."""
    parser.addoption("--warehouse", choices=("duckdb", "postgres"), default="duckdb")


def pytest_configure(config: pytest.Config) -> None:
    """dbt's fixtures, and Tidemill in the place of dbt before any test is imported."""
    from tests.adapter_suite.running import install

    install()
    config.pluginmanager.import_plugin("dbt.tests.fixtures.project")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What is known not to pass must not pass."""
    reasons = _reasons(config.getoption("--warehouse"))
    for item in items:
        reason = reasons.pop(_key(item), None)
        if reason:
            item.add_marker(pytest.mark.xfail(reason=reason, strict=True))
    if reasons and not config.getoption("keyword") and not _chosen(config):
        raise pytest.UsageError(f"{KNOWN.name} lists tests that do not exist: {sorted(reasons)}")


def _key(item: pytest.Item) -> str:
    return item.nodeid.partition("::")[2]


def _chosen(config: pytest.Config) -> bool:
    return any("::" in argument for argument in config.args)


def _reasons(warehouse: str) -> dict[str, str]:
    listed = yaml.safe_load(KNOWN.read_text("utf-8"))
    return {
        test: entry["reason"]
        for section in ("everywhere", warehouse)
        for entry in listed[section] or ()
        for test in entry["tests"]
    }


@pytest.fixture(autouse=True)
def _no_user_settings() -> None:
    """dbt's fixtures set the environment of a class; here it stays."""


@pytest.fixture(scope="session", autouse=True)
def _users(request: pytest.FixtureRequest) -> Iterator[None]:
    """Users that tests of grants expect."""
    with pytest.MonkeyPatch.context() as patch:
        for number, user in enumerate(USERS, 1):
            patch.setenv(f"DBT_TEST_USER_{number}", user)
        if request.config.getoption("--warehouse") == "postgres":
            server = postgres_server.running()
            for user in USERS:
                _quietly(server, f"create role {user}")
            _quietly(server, "create role root superuser login")
            _quietly(server, "create database dbt")
        yield


def _quietly(server: postgres_server.PostgresServer, sql: str) -> None:
    """Another worker may have done it already, or be at it."""
    with suppress(psycopg.Error):
        server.execute(sql)


@pytest.fixture(scope="class")
def dbt_profile_target(request: pytest.FixtureRequest, project_root: Any) -> dict[str, Any]:
    """The output that dbt's fixtures put into the profile; they add the schema."""
    if request.config.getoption("--warehouse") == "postgres":
        # Some tests have these names of user and database in their text.
        output = postgres_server.running().output("", user="root", dbname="dbt", threads=4)
        output["pass"] = output.pop("password")
        return output
    return {"type": "duckdb", "threads": 4, "path": str(project_root / "dev.duckdb")}


@pytest.fixture(scope="class")
def folder_of_dbt(request: pytest.FixtureRequest) -> Path:
    """Where the class stands in dbt's package, with files for its tests."""
    topic = request.cls.__doc__.split(".")[3]
    return Path(next(iter(dbt.tests.adapter.__path__))) / topic


@pytest.fixture(scope="class")
def test_data_dir(folder_of_dbt: Path) -> str:
    """Files that tests copy."""
    return str(folder_of_dbt / "data")


@pytest.fixture(scope="class")
def project(project_setup: Any, project_files: None, folder_of_dbt: Path) -> Any:
    """The project of dbt's fixtures."""
    project_setup.test_dir = str(folder_of_dbt)
    return project_setup


@pytest.fixture(scope="class")
def unique_schema(request: pytest.FixtureRequest, prefix: str) -> str:
    """A schema for each class, named after the file that the class stands in, as some tests expect."""
    return f"{prefix}_{request.cls.__doc__.rpartition('.')[2]}"


@pytest.fixture(scope="class")
def profile_user(dbt_profile_target: dict[str, Any]) -> str | None:
    """Who owns what is built; nobody does on DuckDB."""
    return dbt_profile_target.get("user")


@pytest.fixture(scope="class")
def logs_dir(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A folder for the logs of one class."""
    folder = str(tmp_path_factory.mktemp("logs"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DBT_LOG_PATH", folder)
        yield folder
