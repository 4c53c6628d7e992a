"""A command that the resident process runs says, writes and ends as one that runs by itself."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tidemill.cli.resident.address import FILE, read_address
from tidemill.cli.resident.client import run_there
from tidemill.cli.resident.companion import Companion
from tidemill.commands.opening import Opening

pytestmark = pytest.mark.skipif(
    not Path("/proc/self").exists(), reason="processes are looked up in /proc"
)

_SECONDS = 60.0
_SLOW = """{{ config(materialized='table') }}
select count(*) as n from range(200000000) a, range(2000) b where (a.range * b.range) % 7 = 1
"""
_CLOCK = re.compile(r"\d\d:\d\d:\d\d|\d+\.\d\d+s?|[0-9a-f]{8}-[0-9a-f-]{27}")


def started(*words: str, folder: Path, **more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tidemill", *words],
        cwd=folder,
        env={**os.environ, **more},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
    )


def said(*words: str, folder: Path, **more: str) -> tuple[int, str, str]:
    """Exit code and output, without what differs each time."""
    process = started(*words, folder=folder, **more)
    out, err = process.communicate(timeout=_SECONDS)
    return process.returncode, _CLOCK.sub("", out), _CLOCK.sub("", err)


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that is busy with other tests answers late."""
    monkeypatch.setattr("tidemill.cli.resident.client.PATIENCE_SECONDS", _SECONDS)


@pytest.fixture
def resident(shop: Path) -> Iterator[Path]:
    """The project, with a resident process that answers."""
    subprocess.run([sys.executable, "-m", "tidemill", "parse"], cwd=shop, check=False)
    with Companion(shop, Opening()) as companion:
        companion.start()
        wait_for(lambda: read_address(str(shop)) is not None)
        yield shop
    wait_for(lambda: not (shop / FILE).exists())


def wait_for(what: object) -> None:
    assert callable(what)
    until = time.monotonic() + _SECONDS
    while not what():
        assert time.monotonic() < until, "it took too long"
        time.sleep(0.01)


def workers(root: Path) -> list[int]:
    """Processes that a resident process in ``root`` has forked."""
    parents = dict(_residents(root))
    return [number for number, parent in parents.items() if parent in parents]


def _letter(process: int) -> str:
    """The state of a process, as ps tells it: ``T`` is stopped."""
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]


def _residents(root: Path) -> Iterator[tuple[int, int]]:
    for place in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            line = (place / "cmdline").read_bytes()
            if b"resident.process" in line and (place / "cwd").readlink() == root:
                state = (place / "stat").read_text().rpartition(")")[2].split()
                if state[0] != "Z":
                    yield int(place.name), int(state[1])


def _working_in(folder: Path) -> list[int]:
    """Processes that work in ``folder``."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (place / "cwd").readlink() == folder and (place / "cmdline").read_bytes():
                found.append(int(place.name))
    return found


@pytest.mark.parametrize(
    "words",
    [
        ("ls",),
        ("ls", "--output", "json", "--select", "customers"),
        ("ls", "--select", "custmers"),
        ("compile", "--select", "customers"),
        ("build", "--threads", "1"),
        ("run", "--select", "tag:none"),
        ("parse", "--nonsense"),
        ("ls", "--help"),
        ("show", "--inline", "select 1 as eins, 'ä' as umlaut"),
        ("lineage", "customers", "--output", "json"),
        ("lineage", "custmers"),
        ("run", "--target", "nowhere"),
    ],
    ids=" ".join,
)
def test_it_is_the_same(words: tuple[str, ...], resident: Path) -> None:
    alone = said(*words, "--no-daemon", folder=resident)
    assert said(*words, folder=resident) == alone


def test_a_failure_is_the_same(resident: Path) -> None:
    (resident / "models" / "wrong.sql").write_text("select nothing from nowhere")
    alone = said("run", "--threads", "1", "--no-daemon", folder=resident)
    assert alone[0] == 1
    assert said("run", "--threads", "1", folder=resident) == alone
    (resident / "models" / "wrong.sql").write_text("select * from {{ ref('nowhere') }}")
    alone = said("run", "--threads", "1", "--no-daemon", folder=resident)
    assert alone[0] == 2
    assert said("run", "--threads", "1", folder=resident) == alone


def test_it_really_answers(resident: Path, capfd: pytest.CaptureFixture[str]) -> None:
    address = read_address(str(resident))
    assert address is not None
    assert _run_there_in_a_fork(address, "ls", "--select", "customers") == 0
    assert "shop.marts.customers" in capfd.readouterr().out


def _run_there_in_a_fork(address: str, *words: str) -> int | None:
    """The client leaves its signal handlers behind, which a test must not."""
    before = {n: signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        return run_there(address, words)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def test_an_edit_is_never_missed(resident: Path, capfd: pytest.CaptureFixture[str]) -> None:
    address = read_address(str(resident))
    assert address is not None
    model = resident / "models" / "edited.sql"
    for number in range(30):
        model.write_text(f"select {number} as number_{number}")
        words = ("lineage", "edited") if number % 3 else ("compile", "--select", "edited")
        assert _run_there_in_a_fork(address, *words) == 0
        assert f"number_{number}" in capfd.readouterr().out


def test_it_does_not_grow_with_each_command(resident: Path) -> None:
    address = read_address(str(resident))
    assert address is not None
    ((process, _),) = _residents(resident)
    model = resident / "models" / "edited.sql"

    def edited(times: int) -> int:
        for number in range(times):
            model.write_text(f"select {number} as number_{number}")
            assert _run_there_in_a_fork(address, "ls", "--quiet") == 0
        time.sleep(1.5)  # it looks for garbage when there is time
        return _kilobytes(process)

    before = edited(90)  # until it knows what it will know
    assert edited(60) - before < 2000


def test_surroundings_are_those_of_the_command(resident: Path) -> None:
    model = (
        "select '{{ env_var('COLOUR', 'none') }}' as colour, '{{ var('size', 'none') }}' as size"
    )
    (resident / "models" / "coloured.sql").write_text(model)
    words = ("compile", "--select", "coloured")
    assert "'none' as colour" in said(*words, folder=resident)[1]
    code, out, _ = said(*words, "--vars", "{size: big}", folder=resident / "models", COLOUR="red")
    assert (code, "'red' as colour, 'big' as size" in out) == (0, True)
    assert "'none' as colour, 'none' as size" in said(*words, folder=resident)[1]


def test_ctrl_c(resident: Path) -> None:
    (resident / "models" / "slow.sql").write_text(_SLOW)
    process = started("run", "--select", "slow", folder=resident)
    wait_for(lambda: workers(resident))
    time.sleep(1)  # it has to have begun with the query
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=_SECONDS)
    assert process.returncode in {1, 2}, out + err
    wait_for(lambda: not workers(resident))
    assert said("ls", folder=resident)[0] == 0


def test_ctrl_z(resident: Path) -> None:
    (resident / "models" / "slow.sql").write_text(_SLOW.replace("2000)", "4)"))
    process = started("run", "--select", "slow", folder=resident)
    wait_for(lambda: workers(resident))
    (worker,) = workers(resident)
    time.sleep(0.3)
    process.send_signal(signal.SIGTSTP)
    wait_for(lambda: (_letter(process.pid), _letter(worker)) == ("T", "T"))
    process.send_signal(signal.SIGCONT)
    assert "PASS=1" in process.communicate(timeout=_SECONDS)[0]


def test_what_was_stopped_and_killed_leaves_nothing_behind(resident: Path) -> None:
    (resident / "models" / "slow.sql").write_text(_SLOW)
    process = started("run", "--select", "slow", folder=resident)
    wait_for(lambda: workers(resident))
    time.sleep(0.3)
    process.send_signal(signal.SIGTSTP)
    wait_for(lambda: _letter(process.pid) == "T")
    process.kill()
    process.communicate(timeout=_SECONDS)
    wait_for(lambda: not workers(resident))


def test_what_a_command_started_is_not_left_stopped(resident: Path) -> None:
    (resident / "models" / "patient.py").write_text(
        "import subprocess\n\n\ndef model(dbt, session):\n"
        "    subprocess.run(['sleep', '1.0625'], cwd='models')\n"
        "    return session.sql('select 1 as one')\n"
    )
    process = started("run", "--select", "patient", folder=resident)
    wait_for(lambda: _working_in(resident / "models"))
    process.send_signal(signal.SIGTSTP)
    wait_for(lambda: {_letter(one) for one in _working_in(resident / "models")} == {"T"})
    process.kill()
    process.communicate(timeout=_SECONDS)
    wait_for(lambda: not _working_in(resident / "models"))


def test_limits_are_those_of_the_command(resident: Path) -> None:
    (resident / "models" / "open_files.py").write_text(
        "import resource\n\n\ndef model(dbt, session):\n"
        "    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]\n"
        "    return session.sql(f'select {limit} as files')\n"
    )
    limited = f"ulimit -Sn 234 && exec {sys.executable} -m tidemill run --select open_files"
    process = subprocess.Popen(["bash", "-c", limited], cwd=resident)
    wait_for(lambda: workers(resident))
    assert process.wait(_SECONDS) == 0
    rows = said("show", "--inline", "select * from {{ ref('open_files') }}", folder=resident)[1]
    assert "234" in rows


def test_a_command_that_is_killed_leaves_nothing_behind(resident: Path) -> None:
    (resident / "models" / "slow.sql").write_text(_SLOW)
    process = started("run", "--select", "slow", folder=resident)
    wait_for(lambda: workers(resident))
    process.kill()
    process.communicate(timeout=_SECONDS)
    wait_for(lambda: not workers(resident))
    assert said("ls", folder=resident)[0] == 0


def test_what_is_under_way_outlives_the_starter(shop: Path) -> None:
    (shop / "models" / "slow.sql").write_text(_SLOW.replace("2000)", "4)"))
    with Companion(shop, Opening()) as companion:
        companion.start()
        wait_for(lambda: read_address(str(shop)) is not None)
        process = started("run", "--select", "slow", folder=shop)
        wait_for(lambda: workers(shop))
    assert "PASS=1" in process.communicate(timeout=_SECONDS)[0]


def test_the_end_of_the_resident_process_is_told(resident: Path) -> None:
    (resident / "models" / "slow.sql").write_text(_SLOW)
    process = started("run", "--select", "slow", folder=resident)
    wait_for(lambda: workers(resident))
    (worker,) = workers(resident)
    parent = dict(_residents(resident))[worker]
    os.kill(parent, signal.SIGKILL)
    _, err = process.communicate(timeout=_SECONDS)
    assert (process.returncode, "--no-daemon" in err) == (2, True)
    wait_for(lambda: not Path(f"/proc/{worker}").exists())
    (resident / FILE).unlink()


def test_nobody_answers(shop: Path) -> None:
    assert run_there(str(shop / "nowhere"), ("ls",)) is None


@pytest.mark.parametrize(
    "answer",
    [b"", b"\x05\x00\x00\x00junk!", b"\x02\x00\x00\x00[\x05"],
    ids=["nothing", "junk", "half a list"],
)
def test_somebody_else_answers(shop: Path, answer: bytes) -> None:
    with socket.socket(socket.AF_UNIX) as other:
        other.bind(str(shop / "s"))
        other.listen()
        command = started("ls", folder=shop)
        child = os.fork()
        if not child:
            connection, _ = other.accept()
            connection.sendall(answer)
            os._exit(0)
        assert run_there(str(shop / "s"), ("ls",)) is None
        os.waitpid(child, 0)
        assert command.wait(_SECONDS) == 0


def test_another_program_is_declined(resident: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    address = read_address(str(resident))
    assert address is not None
    monkeypatch.setattr("tidemill.cli.resident.client.program", lambda: "another version")
    assert run_there(address, ("ls",)) is None
    monkeypatch.setattr("tidemill.__version__", "99")
    assert read_address(str(resident)) is None


def test_a_broken_project_costs_nothing(resident: Path) -> None:
    (resident / "dbt_project.yml").write_text("name: [")
    time.sleep(1)
    ((process, _),) = _residents(resident)
    before = _ticks(process)
    time.sleep(1)
    assert _ticks(process) - before < os.sysconf("SC_CLK_TCK") / 5
    assert said("ls", folder=resident)[0] == 2


def test_a_package_that_came_is_watched_and_costs_nothing(resident: Path) -> None:
    (resident / "lib" / "models").mkdir(parents=True)
    (resident / "lib" / "dbt_project.yml").write_text("name: lib\n")
    (resident / "packages.yml").write_text("packages: [{local: lib}]\n")
    for number in range(3):
        (resident / "lib" / "models" / "more.sql").write_text(f"select {number} as one")
        (resident / "models" / "another.sql").write_text(f"select {number} as two")
        out = said("compile", "--select", "more", "another", folder=resident)[1]
        assert f"select {number} as one" in out
        assert f"select {number} as two" in out
    ((process, _),) = _residents(resident)
    before = _ticks(process)
    time.sleep(1)
    assert _ticks(process) - before < os.sysconf("SC_CLK_TCK") / 5


@pytest.mark.parametrize("name", ["HUP", "TSTP"])
def test_a_signal_that_is_ignored_does_nothing(name: str, resident: Path) -> None:
    (resident / "models" / "slow.sql").write_text(_SLOW.replace("2000)", "4)"))
    line = f"trap '' {name}; exec {sys.executable} -m tidemill run --select slow"
    process = subprocess.Popen(["sh", "-c", line], cwd=resident, stdout=subprocess.PIPE, text=True)
    wait_for(lambda: workers(resident))
    process.send_signal(signal.Signals[f"SIG{name}"])
    assert "PASS=1" in process.communicate(timeout=_SECONDS)[0]


def test_serve_has_one(shop: Path) -> None:
    process = started("serve", "--no-browser", "--port", "0", folder=shop)
    wait_for(lambda: read_address(str(shop)) is not None)
    assert said("ls", "--select", "customers", folder=shop)[0] == 0
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=_SECONDS)
    assert process.returncode == 0
    wait_for(lambda: not (shop / FILE).exists())


def test_it_ends_with_its_project(shop: Path) -> None:
    with Companion(shop, Opening()) as companion:
        companion.start()
        wait_for(lambda: read_address(str(shop)) is not None)
        ((process, _),) = _residents(shop)
        shutil.rmtree(shop)
        wait_for(lambda: not Path(f"/proc/{process}/cmdline").read_bytes())


def test_it_ends_without_a_word(shop: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with Companion(shop, Opening()) as companion:
        companion.start()
        wait_for(lambda: read_address(str(shop)) is not None)
        address = read_address(str(shop))
        assert address is not None
        assert _run_there_in_a_fork(address, "ls") == 0
        capfd.readouterr()
    wait_for(lambda: not list(_residents(shop)))
    assert capfd.readouterr() == ("", "")


def _kilobytes(process: int) -> int:
    """Memory that is the process's own."""
    rollup = Path(f"/proc/{process}/smaps_rollup").read_text()
    return sum(map(int, re.findall(r"Private_\w+: +(\d+) kB", rollup)))


def _ticks(process: int) -> int:
    return sum(
        map(int, Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[11:13])
    )
