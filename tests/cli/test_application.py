"""Exit codes, and every kind of error told once, with dbt's label and without a traceback."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from tests.cli.conftest import Tidemill
from tidemill.cli.verbs import parse as parse_verb

Lines = list[str]


def error_of(lines: Lines) -> Lines:
    """What follows ``Encountered an error:``."""
    assert "Encountered an error:" in lines
    return lines[lines.index("Encountered an error:") + 1 :]


def test_unknown_command(tidemill: Tidemill) -> None:
    said = tidemill("biuld")
    assert (said.code, said.out, said.err.splitlines()) == (2, "", [
        "Usage: tidemill COMMAND [options]",
        "Error: there is no command 'biuld'; did you mean 'build'?",
        "`tidemill --help` lists what there is.",
    ])  # fmt: skip


def test_unknown_option(tidemill: Tidemill) -> None:
    said = tidemill("run", "--full-refrsh")
    assert (said.code, said.out, said.err.splitlines()) == (2, "", [
        "Usage: tidemill run [options]",
        "Error: there is no option '--full-refrsh'; did you mean '--full-refresh'?",
        "`tidemill run --help` lists what there is.",
    ])  # fmt: skip


def test_no_project(tidemill: Tidemill, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    said = tidemill("build")
    assert said.code == 2
    assert error_of(said.lines)[:2] == [
        "Runtime Error",
        f"  No dbt_project.yml found at expected path {tmp_path}",
    ]
    assert list(tmp_path.iterdir()) == []


def test_a_project_further_up_is_found(
    tidemill: Tidemill, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(shop / "models" / "marts")
    assert tidemill("-q", "ls", "--select", "customers").lines[0] == "shop.marts.customers"


def test_a_missing_profile(tidemill: Tidemill, shop: Path) -> None:
    (shop / "profiles.yml").unlink()
    said = tidemill("run")
    assert said.code == 2
    assert error_of(said.lines)[0] == "Runtime Error"
    assert "dbt looked for a profiles.yml file in" in said.out


def test_all_faults_of_a_project_at_once(tidemill: Tidemill, shop: Path) -> None:
    marts = shop / "models" / "marts"
    (marts / "one.sql").write_text("select * from {{ ref('custmers') }}")
    (marts / "two.sql").write_text("select * from {{ source('raw', 'nowhere') }}")
    said = tidemill("parse")
    assert said.code == 2
    text = "\n".join(error_of(said.lines))
    assert text.startswith("Compilation Error in model one")
    assert "models/marts/one.sql" in text
    assert "did you mean 'customers'" in text
    assert "models/marts/two.sql" in text
    assert "Traceback" not in text


def test_broken_jinja(tidemill: Tidemill, shop: Path) -> None:
    (shop / "models" / "marts" / "one.sql").write_text("select 1\n{{ ref( }}")
    said = tidemill("run")
    assert said.code == 2
    assert error_of(said.lines)[0].startswith("Compilation Error in model one")
    assert "models/marts/one.sql:2" in said.out


def test_broken_yaml(tidemill: Tidemill, shop: Path) -> None:
    (shop / "models" / "marts" / "marts.yml").write_text("models:\n - name: a\n  x: [\n")
    said = tidemill("run")
    assert said.code == 2
    assert error_of(said.lines)[0].startswith("Parsing Error in models/marts/marts.yml:")


def test_a_cycle_is_named(tidemill: Tidemill, shop: Path) -> None:
    marts = shop / "models" / "marts"
    (marts / "hen.sql").write_text("select * from {{ ref('egg') }}")
    (marts / "egg.sql").write_text("select * from {{ ref('hen') }}")
    said = tidemill("run")
    assert said.code == 2
    assert "egg" in said.out
    assert "hen" in said.out
    assert "cycle" in said.out.lower()


def test_failing_sql_ends_with_one(tidemill: Tidemill, shop: Path) -> None:
    (shop / "models" / "marts" / "bad.sql").write_text("select nope from {{ ref('raw_orders') }}")
    said = tidemill("build", "--select", "raw_orders", "bad")
    assert said.code == 1
    assert "Completed with 1 error, 0 partial successes, and 0 warnings:" in said.lines
    assert "Failure in model bad (models/marts/bad.sql)" in said.lines
    assert said.lines[-1] == "Done. PASS=1 WARN=0 ERROR=1 SKIP=0 NO-OP=0 TOTAL=2"


def test_failing_sql_when_quiet(tidemill: Tidemill, shop: Path) -> None:
    (shop / "models" / "marts" / "bad.sql").write_text("select nope")
    said = tidemill("--quiet", "run", "--select", "bad")
    assert said.code == 1
    assert said.lines[0].startswith("1 of 1 ERROR creating sql table model main.bad")
    assert said.lines[1] == "Failure in model bad (models/marts/bad.sql)"


def test_a_locked_database(tidemill: Tidemill, shop: Path) -> None:
    """DuckDB locks its file against other processes; in one process it shares it, so the lock is played."""

    def refuse(*_: object, **__: object) -> None:
        raise duckdb.IOException(
            'IO Error: Could not set lock on file "shop.duckdb": Conflicting lock is held in PID 7.'
        )

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(duckdb, "connect", refuse)
        said = tidemill("run")
    assert said.code == 2
    assert error_of(said.lines)[0] == "Database Error"
    assert "lock" in said.out
    assert "Traceback" not in said.out


def test_a_fault_of_ours_is_told_as_such(
    tidemill: Tidemill, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(_: object) -> int:
        raise ZeroDivisionError("oh")

    monkeypatch.setattr(parse_verb, "run", crash)
    said = tidemill("parse")
    assert (said.code, error_of(said.lines)[:2]) == (
        2,
        ["Internal Error", "  ZeroDivisionError: oh"],
    )
    assert "Traceback" not in said.out
    assert "in crash" in (shop / "logs" / "dbt.log").read_text()


def test_interrupted_before_the_run(
    tidemill: Tidemill, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(parse_verb, "run", stop)
    assert tidemill("parse").code == 2


def test_the_log_has_everything(tidemill: Tidemill, shop: Path) -> None:
    tidemill("run", "--select", "stg_orders")
    log = (shop / "logs" / "dbt.log").read_text()
    assert "[info ] [MainThread]: Running with tidemill=" in log
    assert "[debug] [MainThread]: On model.shop.stg_orders: " in log
    assert "Command `tidemill run` failed at" in log


def test_no_log_when_none_is_wanted(tidemill: Tidemill, shop: Path) -> None:
    tidemill("parse", "--log-level-file", "none")
    assert not (shop / "logs").exists()


def test_a_log_that_cannot_be_written_stops_nothing(tidemill: Tidemill, shop: Path) -> None:
    (shop / "logs").write_text("in the way")
    said = tidemill("parse")
    assert said.code == 0
    assert f"[WARNING]: the log file in {shop / 'logs'} cannot be written" in said.out


def test_an_artifact_that_cannot_be_written(tidemill: Tidemill, shop: Path) -> None:
    (shop / "taken").write_text("in the way")
    said = tidemill("parse", "--target-path", "taken")
    assert said.code == 2
    assert error_of(said.lines)[0] == "Runtime Error"
    assert "cannot be written" in said.out


def test_secrets_are_masked(
    tidemill: Tidemill, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBT_ENV_SECRET_TOKEN", "hunter2")
    (shop / "models" / "marts" / "leak.sql").write_text(
        "{{ log('the word is hunt' ~ 'er2', info=true) }} select 1 as id"
    )
    said = tidemill("compile", "--select", "leak")
    assert "the word is *****" in said.out
    assert "hunter2" not in (shop / "logs" / "dbt.log").read_text()


def test_flags_of_the_project(tidemill: Tidemill, shop: Path) -> None:
    file = shop / "dbt_project.yml"
    file.write_text(file.read_text() + "\nflags:\n  printer_width: 60\n  log_format: debug\n")
    lines = tidemill("seed", "--select", "raw_orders").out.splitlines()
    start = next(line for line in lines if "START" in line)
    assert start.endswith("START seed file main.raw_orders ..................... [RUN]")
    assert "[info ]" in start


def test_warnings_as_errors(tidemill: Tidemill, shop: Path) -> None:
    said = tidemill("--warn-error", "run", "--select", "nothing_like_it")
    assert said.code == 2
    assert error_of(said.lines)[0] == "Compilation Error"
