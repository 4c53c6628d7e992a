"""What happens when a database cannot be opened or written: one clear error each, and nothing is lost."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tidemill.adapters.duckdb.adapter import DuckDBAdapter
from tidemill.errors import ConfigurationError, DatabaseError, Fault

CAN_MOUNT = os.geteuid() == 0


def adapter(root: Path, **output: Any) -> DuckDBAdapter:
    output = {"type": "duckdb", "path": "shop.duckdb", **output}
    return DuckDBAdapter(DuckDBAdapter.normalise(output, root, "shop"), root)


def fault_of(root: Path, *statements: str, **output: Any) -> Fault:
    """The fault of opening, or of the first statement that fails."""
    opened = adapter(root, **output)
    with pytest.raises((DatabaseError, ConfigurationError)) as caught:
        try:
            opened.open()
            connection = opened.connection("test")
            for statement in statements:
                connection.execute(statement)
        finally:
            opened.close()
    return caught.value.fault


@pytest.fixture
def locked(tmp_path: Path) -> Iterator[int]:
    """The id of a process that holds ``shop.duckdb``."""
    code = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('open', flush=True); input()"
    command = [sys.executable, "-c", code, str(tmp_path / "shop.duckdb")]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        yield process.pid
        process.communicate("\n")


def test_a_locked_file_names_who_holds_it(tmp_path: Path, locked: int) -> None:
    fault = fault_of(tmp_path)

    assert fault.code == "database-locked"
    assert f"is locked by process {locked}" in fault.message
    assert str(tmp_path / "shop.duckdb") in fault.message
    assert "one process write at a time" in (fault.hint or "")


def test_opening_is_tried_again_when_asked(tmp_path: Path, locked: int) -> None:
    assert locked
    opened = adapter(tmp_path, retries={"connect_attempts": 2})
    waited: list[float] = []

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tidemill.adapters.duckdb.database.time.sleep", waited.append)
        with pytest.raises(DatabaseError):
            opened.open()

    assert waited == [1]


def test_a_missing_folder(tmp_path: Path) -> None:
    fault = fault_of(tmp_path, path="no/such/shop.duckdb")

    assert (fault.code, fault.hint) == (
        "database-path",
        "create the folder, or correct 'path' in the profile",
    )


def test_a_folder_in_place_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "shop.duckdb").mkdir()

    assert fault_of(tmp_path).code == "database-path"


@pytest.mark.parametrize("content", [b"", b"no database " * 500])
def test_a_file_that_is_no_database(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "shop.duckdb").write_bytes(content)

    fault = fault_of(tmp_path)

    assert fault.code == "database-corrupt"
    assert (tmp_path / "shop.duckdb").read_bytes() == content


def test_a_damaged_file(tmp_path: Path) -> None:
    path = tmp_path / "shop.duckdb"
    duckdb.connect(str(path)).execute("create table t as select range as i from range(9)").close()
    damaged = bytearray(path.read_bytes())
    damaged[4096 * 3 + 500] ^= 255
    damaged[4096 * 4 + 500] ^= 255
    path.write_bytes(damaged[: len(damaged) // 2])

    assert fault_of(tmp_path, "from t").code == "database-corrupt"


AS_NOBODY = """
    import os, sys
    from pathlib import Path
    root = Path(sys.argv[1])
    import tidemill.adapters.duckdb.connection  # nobody may not be able to read Python's own folder
    from tidemill.adapters.duckdb.adapter import DuckDBAdapter
    from tidemill.errors import TidemillError
    if os.geteuid() == 0:
        os.setuid(65534)
    adapter = DuckDBAdapter(DuckDBAdapter.normalise({"path": "shop.duckdb"}, root, "shop"), root)
    try:
        adapter.connection("c").execute("create table u as select 1 as i")
    except TidemillError as error:
        print(error.fault.code)
    """


@pytest.mark.parametrize("exists", [False, True])
def test_a_read_only_folder(exists: bool) -> None:
    # Not under pytest's own folder, which other users may not even enter.
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        if exists:
            duckdb.connect(str(root / "shop.duckdb")).execute("create table t (i int)").close()
            (root / "shop.duckdb").chmod(0o666)
        root.chmod(0o555)
        code = textwrap.dedent(AS_NOBODY)
        done = subprocess.run(
            [sys.executable, "-c", code, name], capture_output=True, text=True, check=False
        )
        root.chmod(0o755)
    assert done.stdout == "permission-denied\n", done.stderr


def test_a_database_opened_for_reading(tmp_path: Path) -> None:
    duckdb.connect(str(tmp_path / "shop.duckdb")).execute("create table t (i int)").close()

    fault = fault_of(
        tmp_path, "from t", "insert into t values (1)", config_options={"access_mode": "read_only"}
    )

    assert fault.code == "database-read-only"


@pytest.mark.skipif(not CAN_MOUNT, reason="needs the right to mount a small disk")
def test_a_full_disk_loses_nothing(tmp_path: Path) -> None:
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(tmp_path)], check=False
    )
    if mounted.returncode:
        pytest.skip("this machine does not let us mount a small disk")
    try:
        duckdb.connect(str(tmp_path / "shop.duckdb")).execute("create table t as select 7").close()
        fill = "create table big as select range, random()::varchar as r from range(1000000)"
        fault = fault_of(tmp_path, fill)
        opened = adapter(tmp_path)
        rows = list(opened.connection("after").execute("from t", fetch=True).rows)
        opened.close()
    finally:
        subprocess.run(["umount", str(tmp_path)], check=True)

    assert fault.code == "disk-full"
    assert rows == [(7,)]


@pytest.mark.parametrize(
    ("output", "code", "words"),
    [
        ({"settings": {"threds": 2}}, "setting-unknown", "threds"),
        ({"config_options": {"memory": "1GB", "nope": 1}}, "setting-unknown", "nope"),
        ({"settings": {"memory_limit": "lots"}}, "database", "Memory must have a number"),
        ({"attach": [{"path": "x", "type": "nothing"}]}, "extension-missing", "nothing"),
        ({"filesystems": [{"fs": "no-such-kind"}]}, "filesystem", "no-such-kind"),
        ({"secrets": [{"type": "s3", "secret": "hidden!"}]}, "extension-missing", "httpfs"),
    ],
)
def test_entries_that_duckdb_refuses(
    tmp_path: Path, output: dict[str, Any], code: str, words: str
) -> None:
    fault = fault_of(tmp_path, **output)

    assert (fault.code, words in fault.message) == (code, True), fault.message
    assert "hidden!" not in fault.message


def test_a_missing_extension_is_named(tmp_path: Path) -> None:
    fault = fault_of(tmp_path, "select * from 'https://example.invalid/a.csv'")

    assert fault.code == "extension-missing"
    assert fault.hint == (
        "install the extension once (INSTALL httpfs) and list it under 'extensions' in the profile"
    )


def test_what_is_built_in_is_not_downloaded(tmp_path: Path) -> None:
    opened = adapter(tmp_path, extensions=["parquet", "json", "icu"])

    opened.open()
    opened.close()


def test_settings_hold_on_every_connection(tmp_path: Path) -> None:
    opened = adapter(tmp_path, settings={"TimeZone": "Asia/Tokyo"})
    sql = "select current_setting('TimeZone'), current_setting('autoload_known_extensions')"

    rows = [list(opened.connection(n).execute(sql, fetch=True).rows) for n in ("a", "b")]
    opened.close()

    assert rows == [[("Asia/Tokyo", False)]] * 2


def test_the_profile_may_let_extensions_load_by_themselves(tmp_path: Path) -> None:
    opened = adapter(tmp_path, settings={"autoload_known_extensions": True})
    sql = "select current_setting('autoload_known_extensions')"

    rows = list(opened.connection("c").execute(sql, fetch=True).rows)
    opened.close()

    assert rows == [(True,)]


def test_secrets_stay_out_of_messages(tmp_path: Path) -> None:
    secrets = [{"type": "nonsense", "secret": "s3cr3t'value", "name": "n"}]

    assert "s3cr3t" not in fault_of(tmp_path, secrets=secrets).message


def test_a_file_is_shared_inside_a_process(tmp_path: Path) -> None:
    first, second = adapter(tmp_path), adapter(tmp_path)
    first.connection("a").execute("create table t as select 1 as i")

    rows = list(second.connection("b").execute("from t", fetch=True).rows)
    first.close()
    second.connection("c").execute("insert into t values (2)")
    second.close()

    assert rows == [(1,)]
    assert duckdb.connect(str(tmp_path / "shop.duckdb")).execute("from t").fetchall() == [
        (1,),
        (2,),
    ]


def test_a_closed_adapter_opens_again_and_frees_the_file_between(tmp_path: Path) -> None:
    opened = adapter(tmp_path)
    opened.connection("a").execute("create table t as select 1 as i")
    opened.close()

    code = "import duckdb, sys; print(duckdb.connect(sys.argv[1]).execute('from t').fetchall())"
    path = str(tmp_path / "shop.duckdb")
    assert subprocess.check_output([sys.executable, "-c", code, path], text=True) == "[(1,)]\n"
    assert list(opened.connection("b").execute("from t", fetch=True).rows) == [(1,)]
    opened.close()


def test_facts_tell_no_secret(tmp_path: Path) -> None:
    opened = adapter(
        tmp_path,
        secrets=[{"type": "s3", "secret": "s3cr3t"}],
        extensions=["json"],
        attach=[{"path": "side.duckdb", "alias": "side"}],
    )

    assert opened.debug_facts() == {
        "driver": f"duckdb {duckdb.__version__}",
        "path": str(tmp_path / "shop.duckdb"),
        "database": "shop",
        "schema": "main",
        "attached": "side",
        "extensions": "json",
    }
