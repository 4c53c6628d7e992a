from __future__ import annotations

import sqlite3
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from tests.store.happenings import whole_run
from tidemill.errors import ConfigurationError
from tidemill.events import Message
from tidemill.store.database import Store
from tidemill.store.opening import HEAD, MIGRATIONS, open_store, store_path
from tidemill.store.reading import list_runs
from tidemill.store.recorder import recorded
from tidemill.store.schema import metadata

ROOT = Path(__file__).parents[2]


def test_the_folder_keeps_itself_out_of_repositories(store: Store, tmp_path: Path) -> None:
    assert (tmp_path / ".tidemill" / ".gitignore").read_text() == "*\n"
    assert store.path == tmp_path / ".tidemill" / "store.db"
    assert store.survives


def test_the_migrations_make_the_tables_that_the_code_uses(store: Store) -> None:
    with store.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_the_head_that_is_looked_for_is_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_a_second_opening_needs_no_alembic(store: Store, tmp_path: Path) -> None:
    store.close()
    program = (
        "import sys; from pathlib import Path; from tidemill.store.opening import open_store; "
        "open_store(Path(sys.argv[1])).close(); assert 'alembic' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=True, cwd=ROOT)


def test_an_older_file_is_brought_up_and_keeps_what_it_has(tmp_path: Path) -> None:
    """A file from before the first migration is the oldest there is: empty, but a database."""
    path = store_path(tmp_path)
    path.parent.mkdir()
    with sqlite3.connect(path) as connection:
        connection.execute("create table somebody_elses (id integer)")
    connection.close()

    store = open_store(tmp_path)
    list(recorded(whole_run("r1", ["a"]), store))
    with store.reading() as reading:
        assert reading.exec_driver_sql("select count(*) from somebody_elses").scalar() == 0
    store.close()


def test_a_step_that_fails_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def upgrade(config: Config, _revision: str) -> None:
        config.attributes["connection"].exec_driver_sql("create table half (id integer)")
        raise RuntimeError("no electricity")

    monkeypatch.setattr("alembic.command.upgrade", upgrade)
    with pytest.raises(RuntimeError, match="no electricity"):
        open_store(tmp_path)
    monkeypatch.undo()

    store = open_store(tmp_path)
    with store.reading() as connection:
        query = "select count(*) from sqlite_master where name = 'half'"
        assert connection.exec_driver_sql(query).scalar() == 0
    store.close()


def test_many_processes_may_make_it_at_once(tmp_path: Path) -> None:
    program = """
        import sys
        from pathlib import Path
        from tests.store.happenings import whole_run
        from tidemill.store.opening import open_store
        from tidemill.store.recorder import recorded
        sys.stdin.read()
        store = open_store(Path(sys.argv[1]))
        list(recorded(whole_run(sys.argv[2], ["a", "b"]), store))
        store.close()
    """
    command = [sys.executable, "-c", textwrap.dedent(program), str(tmp_path)]
    processes = [
        subprocess.Popen([*command, f"r{i}"], stdin=subprocess.PIPE, cwd=ROOT) for i in range(4)
    ]
    for process in processes:
        assert process.stdin is not None
        process.stdin.close()
    assert [process.wait() for process in processes] == [0, 0, 0, 0]

    store = open_store(tmp_path)
    assert {run.id: run.status for run in list_runs(store)} == {
        f"r{i}": "success" for i in range(4)
    }
    store.close()


@pytest.mark.parametrize("content", [b"this is not a database at all " * 200, b"\0" * 4096])
def test_a_damaged_file_is_named_with_what_to_do(tmp_path: Path, content: bytes) -> None:
    path = store_path(tmp_path)
    path.parent.mkdir()
    path.write_bytes(content)

    with pytest.raises(ConfigurationError) as caught:
        open_store(tmp_path)

    assert caught.value.fault.code == "store-damaged"
    assert str(path) in caught.value.fault.message
    assert "move or delete" in (caught.value.fault.hint or "")
    assert path.read_bytes() == content


def test_a_newer_file_is_left_alone(tmp_path: Path) -> None:
    open_store(tmp_path).close()
    with sqlite3.connect(store_path(tmp_path)) as connection:
        connection.execute("update alembic_version set version_num = '9999'")
    connection.close()

    with pytest.raises(ConfigurationError) as caught:
        open_store(tmp_path)

    assert caught.value.fault.code == "store-newer"
    assert "9999" in caught.value.fault.message


def test_where_nothing_can_be_written_history_lasts_as_long_as_the_process(tmp_path: Path) -> None:
    (tmp_path / ".tidemill").write_text("a file where the folder should be")
    warnings: list[Message] = []

    store = open_store(tmp_path, on_warning=warnings.append)
    list(recorded(whole_run("r1", ["a"]), store))

    assert [run.id for run in list_runs(store)] == ["r1"]
    assert not store.survives
    assert [(w.level, w.code) for w in warnings] == [("warn", "store-not-kept")]
    # Whoever opens it too, in this process, sees the same.
    (tmp_path / ".tidemill").unlink()
    other = open_store(tmp_path, on_warning=warnings.append)
    assert [run.id for run in list_runs(other)] == ["r1"]
    assert len(warnings) == 1
    folder = store.path.parent
    store.close()
    assert folder.exists()
    other.close()
    assert not folder.exists()


def test_a_read_only_file_is_still_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = open_store(tmp_path)
    list(recorded(whole_run("r1", ["a"]), store))
    store.close()

    def refuse(_folder: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tidemill.store.opening._make_folder", refuse)
    copy = open_store(tmp_path)
    list(recorded(whole_run("r2", ["a"]), copy))
    assert [run.id for run in list_runs(copy)] == ["r2", "r1"]
    copy.close()
    monkeypatch.undo()

    store = open_store(tmp_path)
    assert [run.id for run in list_runs(store)] == ["r1"]
    store.close()
