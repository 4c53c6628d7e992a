from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from tidemill.adapters.duckdb.credentials import Attachment
from tidemill.adapters.duckdb.statements import attach_sql, secret_sql, setting_sql
from tidemill.errors import ConfigurationError

ROOT = Path("/project")


@pytest.mark.parametrize(
    ("entry", "sql"),
    [
        ({"path": "a.db"}, "'/project/a.db'"),
        ({"path": "/it's/a.db", "alias": 'x"y'}, "'/it''s/a.db' AS \"x\"\"y\""),
        ({"path": "a.db", "read_only": True}, "'/project/a.db' (READ_ONLY)"),
        ({"path": "a.sqlite", "type": "sqlite"}, "'/project/a.sqlite' (TYPE sqlite)"),
        (
            {"path": "dbname=x", "type": "postgres", "secret": "s", "alias": "pg"},
            "'dbname=x' AS \"pg\" (TYPE postgres, SECRET s)",
        ),
        (
            {"path": "a", "options": {"type": "ducklake", "data_path": "it's", "n": 5, "on": True}},
            "'a' (TYPE ducklake, DATA_PATH 'it''s', N 5, ON)",
        ),
        (
            {"path": "a", "options": {"read_only": True, "off": False, "key": "'quoted'"}},
            "'/project/a' (READ_ONLY, KEY 'quoted')",
        ),
    ],
)
def test_attach(entry: dict[str, Any], sql: str) -> None:
    attachment = msgspec.convert(entry, Attachment)

    assert attach_sql(attachment, ROOT) == f"ATTACH IF NOT EXISTS {sql}"


def test_an_option_is_given_once() -> None:
    attachment = Attachment(path="a", type="sqlite", options={"TYPE": "duckdb"})

    with pytest.raises(ConfigurationError, match="type is given beside and under 'options'"):
        attach_sql(attachment, ROOT)


@pytest.mark.parametrize(
    ("entry", "sql"),
    [
        ({"type": "s3", "key_id": "a'b"}, "SECRET _dbt_secret_3 (type s3, key_id 'a''b')"),
        ({"type": "http", "name": "n", "persistent": True}, "PERSISTENT SECRET n (type http)"),
        ({"type": "s3", "scope": "s3://x"}, "SECRET _dbt_secret_3 (type s3, scope 's3://x')"),
        (
            {"type": "http", "m": {"a": 1}, "l": ["x", "y"], "scope": ["p", "q"]},
            (
                "SECRET _dbt_secret_3 "
                "(type http, m map {'a': '1'}, l array ['x', 'y'], scope 'p', scope 'q')"
            ),
        ),
    ],
)
def test_secrets(entry: dict[str, Any], sql: str) -> None:
    assert secret_sql(entry, 3) == f"CREATE OR REPLACE {sql}"


def test_settings() -> None:
    assert setting_sql("memory_limit", "1'GB") == "SET memory_limit = '1''GB'"
