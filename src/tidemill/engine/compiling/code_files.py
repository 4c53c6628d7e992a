"""The files that compiled and executed SQL is kept in: ``target/compiled`` and ``target/run``, laid out as dbt does."""

from __future__ import annotations

import os
from pathlib import Path
from posixpath import basename, dirname
from typing import Literal

from tidemill.engine.jinja.periods import batch_label
from tidemill.engine.nodes import Node
from tidemill.errors import ExecutionError, Place

Kind = Literal["compiled", "run"]


class CodeFiles:
    """Writes SQL below the target folder. Safe to share between threads."""

    def __init__(self, root: Path, target_path: str) -> None:
        """``target_path`` is relative to the project's folder ``root``, or absolute."""
        self._target_path = target_path
        self._above = "" if Path(target_path).is_absolute() else f"{root}/"
        self._made: set[str] = set()
        self.written: dict[Kind, dict[str, str]] = {"compiled": {}, "run": {}}
        """Paths of the files that were written, by unique id."""

    def path(self, kind: Kind, node: Node) -> str:
        """Where the node's SQL belongs, relative to the project: ``target/compiled/shop/models/orders.sql``.

        Nodes that share a file (tests of one properties file) get a folder of its name; so do batches.
        """
        file = node.original_file_path
        batch = getattr(node, "batch", None)
        if batch is not None:
            label = batch_label(batch.event_time_start, str(node.config.get("batch_size")))
            stem, dot, suffix = file.rpartition(".")
            file = f"{stem}/{basename(stem)}_{label}{dot}{suffix}"
        elif basename(node.path) != basename(file):
            file = f"{file}/{node.path}"
        return f"{self._target_path}/{kind}/{node.package_name}/{file}"

    def write(self, kind: Kind, node: Node, code: str) -> str:
        """Write ``code`` and return the path. Raises ExecutionError when the file system refuses."""
        path = self.path(kind, node)
        try:
            self._make_folder(dirname(path))
            _overwrite(self._above + path, code.encode())
        except OSError as error:
            raise ExecutionError(
                f"compiled SQL cannot be written: {error.strerror or error}",
                code="target-unwritable",
                place=Place(file=path),
                hint="the target folder must be writable and have space; --target-path sets another",
            ) from None
        self.written[kind][node.unique_id] = path
        return path

    def _make_folder(self, folder: str) -> None:
        if folder not in self._made:
            Path(self._above + folder).mkdir(parents=True, exist_ok=True)
            self._made.add(folder)


def _overwrite(file: str, content: bytes) -> None:
    """Let ``file`` hold ``content``.

    An old text is written over and cut off behind the new one: emptying a file first makes the file system write it to
    the disk at once, ten times the work.
    """
    handle = os.open(file, os.O_WRONLY | os.O_CREAT, 0o666)
    try:
        rest = content
        while rest:
            rest = rest[os.write(handle, rest) :]
        if os.fstat(handle).st_size > len(content):
            os.ftruncate(handle, len(content))
    finally:
        os.close(handle)
