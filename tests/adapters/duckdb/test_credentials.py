from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tidemill.adapters.duckdb.adapter import DuckDBAdapter
from tidemill.adapters.duckdb.credentials import database_name, read, resolved
from tidemill.errors import ConfigurationError


def normalise(**output: Any) -> dict[str, Any]:
    return DuckDBAdapter.normalise({"type": "duckdb", **output}, Path("/project"), "shop")


def test_defaults() -> None:
    assert normalise() == {
        "type": "duckdb",
        "threads": 1,
        "path": ":memory:",
        "database": "memory",
        "schema": "main",
        "external_root": ".",
        "disable_transactions": False,
        "keep_open": True,
    }


def test_entries_are_kept() -> None:
    output: dict[str, Any] = {
        "path": "data/dev.duckdb",
        "schema": "dbt",
        "threads": "4",
        "settings": {"memory_limit": "1GB"},
        "config_options": {"allow_unsigned_extensions": True},
        "extensions": ["parquet", {"name": "h3", "repo": "community"}],
        "attach": [{"path": "side.db", "alias": "side", "read_only": True}],
        "retries": {"query_attempts": 2},
        "plugins": [],
    }

    normalised = normalise(**output)

    assert (normalised["database"], normalised["threads"]) == ("dev", 4)
    credentials = read(normalised)
    assert credentials.attach is not None
    assert credentials.attach[0].alias == "side"
    assert credentials.retries is not None
    assert credentials.retries.retryable_exceptions == ("IOException",)
    assert credentials.settings == output["settings"]


def test_an_attached_database_may_be_the_target() -> None:
    attach = [{"path": "side.duckdb", "alias": "side"}]

    assert normalise(path="dev.duckdb", database="side", attach=attach)["database"] == "side"


@pytest.mark.parametrize(
    ("output", "message", "hint"),
    [
        ({"pth": "x"}, "has no entry 'pth'", "did you mean 'path'?"),
        ({"password": "x"}, "has no entry 'password'", "known entries: type, threads, path"),
        ({"schema": 2024}, "entry 'schema': expected `str`, got `int`", None),
        ({"threads": "many"}, "entry 'threads': expected `int`, got `str`", None),
        ({"attach": [{"alias": "x"}]}, "entry 'attach[0]'", None),
        ({"path": "a.duckdb", "database": "b"}, "holds the database 'a'", "set database to 'a'"),
        ({"path": ".duckdb/.."}, "no database name", "name a file"),
        ({"path": "md:shop"}, "'md:shop' is on MotherDuck", "use the path of a local file"),
        ({"attach": [{"path": "md:x?motherduck_token=s3cret"}]}, "'md:x' is on MotherDuck", None),
        ({"plugins": [{"module": "excel"}]}, "'plugins' is not supported", "remove 'plugins'"),
        ({"remote": {"host": "h"}}, "'remote' is not supported", None),
        ({"motherduck_token": "s3cret"}, "'motherduck_token' is not supported", None),
        ({"use_credential_provider": "gcp"}, "can only be 'aws'", None),
    ],
)
def test_faults(output: dict[str, Any], message: str, hint: str | None) -> None:
    with pytest.raises(ConfigurationError) as caught:
        normalise(**output)

    fault = caught.value.fault
    assert fault.message.startswith("profile 'shop'")
    assert message in fault.message
    assert hint is None or hint in (fault.hint or "")
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        (":memory:", "memory"),
        ("dev.duckdb", "dev"),
        ("a/b/my.db.duckdb", "my"),
        (".hidden.duckdb", "hidden"),
        ("ducklake:meta.ducklake", "meta"),
        ("s3://bucket/data/shop.duckdb?region=x", "shop"),
    ],
)
def test_names_of_databases(path: str, name: str) -> None:
    assert database_name(path) == name


def test_paths_mean_the_project() -> None:
    root = Path("/project")

    assert resolved("dev.duckdb", root) == "/project/dev.duckdb"
    assert resolved("/data/dev.duckdb", root) == "/data/dev.duckdb"
    assert resolved(":memory:", root) == ":memory:"
    assert resolved("s3://bucket/x.duckdb", root) == "s3://bucket/x.duckdb"
    assert resolved("~/dev.duckdb", root) == str(Path.home() / "dev.duckdb")


def test_the_credential_provider_is_a_secret() -> None:
    assert normalise(use_credential_provider="aws")["secrets"] == (
        {"type": "s3", "provider": "credential_chain"},
    )


def test_ducklakes_are_known() -> None:
    attach = [{"path": "ducklake:a.ducklake"}, {"path": "x.db", "alias": "b", "is_ducklake": True}]

    credentials = read(normalise(path="dev.duckdb", attach=attach))

    assert credentials.ducklake_databases() == {"a", "b"}


def test_secrets_are_not_shown() -> None:
    credentials = read(normalise(secrets=[{"type": "s3", "secret": "s3cret"}]))

    assert "s3cret" not in repr(credentials)
