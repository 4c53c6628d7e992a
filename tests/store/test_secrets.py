from __future__ import annotations

from pathlib import Path

import pytest

from tests.store.happenings import ends, finished, started
from tidemill.errors import Fault
from tidemill.events import Message
from tidemill.store.database import Store
from tidemill.store.reading import read_run
from tidemill.store.recorder import recorded
from tidemill.store.secrets import secrets_of

SECRET = 'pa"ss\\word-ü'


def test_no_secret_is_written(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBT_ENV_SECRET_TOKEN", "tok-12345")
    fault = Fault(code="x", label="Y", message=f"cannot log in with {SECRET}", hint="tok-12345?")
    events = [
        started("r1", ["a"], arguments={"vars": f"{{key: {SECRET}}}"}),
        Message(text=f"connecting as tok-12345 with {SECRET}"),
        ends("a", 1, 1, "error", message=f"bad {SECRET}", fault=fault),
        finished("r1", "failed"),
    ]

    assert list(recorded(events, store, secrets=[SECRET, ""])) == events

    run = read_run(store, "r1")
    assert run is not None
    assert run.arguments == {"vars": "{key: *****}"}
    assert run.messages[0].text == "connecting as ***** with *****"
    assert run.nodes[0].message == "bad *****"
    assert run.nodes[0].fault is not None
    assert run.nodes[0].fault.message == "cannot log in with *****"
    store.close()
    _nothing_in_the_files(store.path.parent)


def test_names_keep_their_letters(store: Store) -> None:
    list(recorded([started("r1", ["model"]), ends("model", 1, 1)], store, secrets=["model"]))

    run = read_run(store, "r1")
    assert run is not None
    assert run.nodes[0].id == "model.shop.model"
    assert run.nodes[0].description == "sql table ***** main.*****"


def test_what_a_profile_keeps_secret() -> None:
    profile = {
        "type": "duckdb",
        "path": "shop.duckdb",
        "password": "hunter22",
        "port": 5432,
        "settings": {"s3_region": "eu-west-1", "s3_secret_access_key": "abcdef", "pin": "1234"},
        "secrets": [{"type": "s3", "name": "store", "key_id": "AKIA", "secret": "s-e-c-r-e-t"}],
        "tokens": ["first", {"of": "second"}],
        "token": "abc",
    }
    found = ("hunter22", "abcdef", "AKIA", "s-e-c-r-e-t", "first", "second")
    assert secrets_of(profile) == found


def _nothing_in_the_files(folder: Path) -> None:
    for file in folder.iterdir():
        content = file.read_bytes()
        for form in (SECRET, 'pa\\"ss\\\\word', "tok-12345"):
            assert form.encode() not in content
