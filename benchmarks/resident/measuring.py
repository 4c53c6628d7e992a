"""A server on a project, and the clock around what people do beside it."""

from __future__ import annotations

import json
import re
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.error import HTTPError
from urllib.parse import quote

from websockets.sync.client import ClientConnection, connect

from benchmarks.contenders import clean_environment
from benchmarks.workplace import Workplace, models_below

_SECONDS = 120.0
_CLOCK = re.compile(r"\d\d:\d\d:\d\d ")
_ADDRESS = re.compile(r"at (http://\S+)")
_SETTLE_SECONDS = 1.5
"""Between two measures: what is written down when there is time should not fall into the next one."""


class Serving:
    """`tidemill serve` in a workplace, for as long as it is entered."""

    def __init__(self, place: Workplace) -> None:
        self._place = place
        self._file = _without_queries(place)
        self._edits = 0

    def __enter__(self) -> Self:
        self._place.parse()
        command = self._place.contender.command("serve", "--no-browser", "--port", "0")
        self._process = subprocess.Popen(
            command,
            cwd=self._place.folder,
            env=clean_environment(),
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        said = iter(self._process.stdout.readline, "")
        self._url = next(found[1] for line in said if (found := _ADDRESS.search(line)))
        _wait_for(self._place.folder / ".tidemill" / "resident")
        time.sleep(_SETTLE_SECONDS)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._process.terminate()
        self._process.wait(_SECONDS)

    def measures(self, repeats: int) -> Iterator[tuple[str, list[float]]]:
        """Names of measures, with milliseconds of each of so many times."""
        yield from self._page(repeats)
        one = self._file.stem
        for name, words, edits in (
            ("compile the edited model", ("compile", "--select", one), True),
            ("compile a model", ("compile", "--select", one), False),
            ("ls +mart", ("ls", "--select", f"+{one}"), False),
            ("parse, nothing changed", ("parse",), False),
            ("column lineage of a model", ("lineage", one), False),
        ):
            for where, more in (("resident", ()), ("alone", ("--no-daemon",))):
                command = self._place.contender.command(*words, *more)
                costs = [self._terminal(command, edits) for _ in range(repeats)]
                yield f"{name}, {where}: first answer", [first for first, _ in costs]
                yield f"{name}, {where}: end", [end for _, end in costs]

    # -- the page ----------------------------------------------------------------------------

    def _page(self, repeats: int) -> Iterator[tuple[str, list[float]]]:
        node = f"model.{self._project}.{self._file.stem}"
        names = ("edit to change in the graph", "edit to compiled SQL", "edit to column lineage")
        with connect(f"{self._url.replace('http', 'ws')}api/stream", max_size=None) as stream:
            stream.recv(_SECONDS)
            self._get(f"api/nodes/{quote(node)}/columns")
            costs = [self._page_once(stream, node) for _ in range(repeats)]
        for index, name in enumerate(names):
            yield f"page: {name}", [times[index] for times in costs]

    def _page_once(self, stream: ClientConnection, node: str) -> tuple[float, float, float]:
        time.sleep(_SETTLE_SECONDS)
        mark, begun = self._edit(), time.perf_counter()
        while "project_changed" not in stream.recv(_SECONDS):
            pass
        told = _since(begun)
        code = self._get(f"api/nodes/{quote(node)}/compiled")["compiled_code"]
        compiled = _since(begun)
        assert mark in code
        column = self._get(f"api/nodes/{quote(node)}/columns")["columns"][0]
        self._get(f"api/nodes/{quote(node)}/lineage?column={quote(column)}")
        return told, compiled, _since(begun)

    @property
    def _project(self) -> str:
        return str(self._get("api/project")["name"])

    def _get(self, path: str) -> dict[str, Any]:
        try:
            with urllib.request.urlopen(self._url + path, timeout=_SECONDS) as reply:
                found: dict[str, Any] = json.load(reply)
        except HTTPError as error:
            raise AssertionError(f"{path}: {error.read().decode()}") from None
        return found

    # -- the terminal ------------------------------------------------------------------------

    def _terminal(self, command: list[str], edits: bool) -> tuple[float, float]:
        """Milliseconds to the first line that is an answer, and to the end."""
        time.sleep(_SETTLE_SECONDS)
        mark = self._edit() if edits else ""
        begun = time.perf_counter()
        first, said = None, []
        with subprocess.Popen(
            command,
            cwd=self._place.folder,
            env=clean_environment(),
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdout is not None
            for line in process.stdout:
                said.append(line)
                if first is None and not _CLOCK.match(line):
                    first = _since(begun)
        end = _since(begun)
        assert process.returncode == 0, said
        assert any(mark in line for line in said), said
        return first or end, end

    def _edit(self) -> str:
        """Edit the model, and return what is new in its SQL."""
        self._edits += 1
        text, _, _ = self._file.read_text(encoding="utf-8").partition("-- edit ")
        mark = f"-- edit {self._edits}"
        self._file.write_text(f"{text.rstrip()}\n{mark}\n", "utf-8")
        return mark


def _without_queries(place: Workplace) -> Path:
    """A mart in the middle that asks the warehouse nothing, which was built nowhere."""
    files = [path for path in models_below(place.folder) if "marts" in path.parts]
    files = files or models_below(place.folder)
    following = files[len(files) // 2 :] + files[: len(files) // 2]
    return next(path for path in following if "{%" not in path.read_text(encoding="utf-8"))


def _since(begun: float) -> float:
    return 1000 * (time.perf_counter() - begun)


def _wait_for(path: Path) -> None:
    until = time.monotonic() + _SECONDS
    while not path.exists():
        assert time.monotonic() < until, f"{path} does not appear"
        time.sleep(0.05)
