"""logs/dbt.log: appended to, rotated, and never in the way."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.rendering.events import AT
from tidemill.cli.output.console import Formatter
from tidemill.cli.output.logfile import LogFile
from tidemill.cli.rendering.entry import Entry


def line(text: str) -> Entry:
    return Entry(name="Note", code="Z050", level="debug", text=text, at=AT)


def open_log(folder: Path, *, max_bytes: int = 0, form: str = "debug") -> LogFile:
    formatter = Formatter(form, colours=False, invocation_id="some-id")  # type: ignore[arg-type]
    return LogFile(folder, formatter, level="debug", invocation_id="some-id", max_bytes=max_bytes)


RULE = "=" * 30
OPENING = f"\n\n{RULE} 08:00:00.250000 | some-id {RULE}\n"
START = "08:00:00.250000 [debug] [MainThread]: "


def test_each_command_begins_with_a_rule(tmp_path: Path) -> None:
    for text in ("first", "second"):
        log = open_log(tmp_path / "logs")
        log.write(line(text))
        log.write(line("more"))
        log.close()
    assert (tmp_path / "logs" / "dbt.log").read_text() == (
        f"{OPENING}{START}first\n{START}more\n{OPENING}{START}second\n{START}more\n"
    )


def test_json_has_no_rule(tmp_path: Path) -> None:
    log = open_log(tmp_path, form="json")
    log.write(line("first"))
    log.close()
    assert (tmp_path / "dbt.log").read_text().startswith("{")


def test_a_full_file_makes_room(tmp_path: Path) -> None:
    for number in range(8):
        log = open_log(tmp_path, max_bytes=100, form="json")
        log.write(line(f"command {number}"))
        log.close()
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["dbt.log", *(f"dbt.log.{n}" for n in range(1, 6))]
    assert "command 7" in (tmp_path / "dbt.log").read_text()
    assert "command 6" in (tmp_path / "dbt.log.1").read_text()
    assert "command 2" in (tmp_path / "dbt.log.5").read_text()


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("a file")
    with pytest.raises(FileExistsError):
        open_log(tmp_path / "logs")


def test_a_full_disk_silences_the_log_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = open_log(tmp_path)

    def refuse(_: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(log, "_append", refuse)
    log.write(line("one"))
    log.write(line("two"))
    log.close()
