"""What a Postgres output of a profile may say, and what it becomes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tidemill.adapters.postgres.credentials import normalise, read
from tidemill.adapters.registry import adapter_for
from tidemill.engine.project.config import Target
from tidemill.engine.project.target_names import target_names
from tidemill.errors import ConfigurationError

OUTPUT: dict[str, Any] = {
    "type": "postgres",
    "host": "db",
    "user": "ada",
    "pass": "very secret",
    "port": 5432,
    "dbname": "shop",
    "schema": "main",
}


def test_defaults_and_aliases_are_those_of_dbt() -> None:
    assert normalise(OUTPUT, "shop") == {
        "host": "db",
        "port": 5432,
        "user": "ada",
        "database": "shop",
        "schema": "main",
        "password": "very secret",
        "connect_timeout": 10,
        "role": None,
        "search_path": None,
        "keepalives_idle": 0,
        "sslmode": None,
        "sslcert": None,
        "sslkey": None,
        "sslrootcert": None,
        "application_name": "dbt",
        "autocommit": False,
        "retries": 1,
        "type": "postgres",
        "threads": 1,
        "dbname": "shop",
    }


def test_what_was_normalised_can_be_read() -> None:
    credentials = read(normalise({**OUTPUT, "threads": 8}, "shop"))

    assert (credentials.database, credentials.threads) == ("shop", 8)
    assert "secret" not in repr(credentials)


def test_target_shows_dbts_fields_in_dbts_order_without_the_password() -> None:
    target = Target(
        profile_name="shop",
        name="dev",
        type="postgres",
        threads=4,
        database="shop",
        schema="main",
        credentials=normalise({**OUTPUT, "role": "builder"}, "shop"),
    )

    assert list(target_names(target).items()) == [
        ("host", "db"),
        ("port", 5432),
        ("user", "ada"),
        ("database", "shop"),
        ("schema", "main"),
        ("connect_timeout", 10),
        ("role", "builder"),
        ("search_path", None),
        ("keepalives_idle", 0),
        ("sslmode", None),
        ("sslcert", None),
        ("sslkey", None),
        ("sslrootcert", None),
        ("application_name", "dbt"),
        ("autocommit", False),
        ("retries", 1),
        ("dbname", "shop"),
        ("type", "postgres"),
        ("threads", 4),
        ("name", "dev"),
        ("target_name", "dev"),
        ("profile_name", "shop"),
    ]


def test_numbers_may_be_text_and_texts_numbers() -> None:
    values = normalise({**OUTPUT, "port": "5433", "threads": "2", "pass": 1234}, "shop")

    assert (values["port"], values["threads"], values["password"]) == (5433, 2, "1234")


@pytest.mark.parametrize(
    ("changes", "message", "hint"),
    [
        ({"hots": "x"}, "no entry 'hots'", "did you mean 'host'"),
        ({"host": None}, "needs 'host'", "add 'host'"),
        ({"pass": None, "dbname": None}, "needs 'password', 'database'", "add 'password'"),
        ({"database": "other"}, "the same entry, and both are given", "remove"),
        ({"port": 99999}, "there is no port 99999", "0 to 65535"),
        ({"port": "five"}, "entry 'port'", None),
        ({"connect_timeout": [1]}, "entry 'connect_timeout'", None),
    ],
)
def test_what_is_wrong_is_named(changes: dict[str, Any], message: str, hint: str | None) -> None:
    with pytest.raises(ConfigurationError) as caught:
        normalise({**OUTPUT, **changes}, "shop")

    fault = caught.value.fault
    assert message in fault.message
    assert hint is None or hint in str(fault.hint)
    assert "very secret" not in str(fault)


def test_a_missing_driver_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    found = adapter_for("postgres")
    adapter = found(found.normalise(OUTPUT, Path(), "shop"), Path())
    monkeypatch.setitem(__import__("sys").modules, "psycopg", None)

    with pytest.raises(ConfigurationError) as caught:
        adapter.open()

    assert caught.value.fault.code == "adapter-driver"
    assert caught.value.fault.hint == "pip install 'tidemill[postgres]'"
