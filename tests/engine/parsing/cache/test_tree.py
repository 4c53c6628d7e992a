"""The files of a project that a process keeps are those on disk, whatever happened to them."""

from __future__ import annotations

import os
import select
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.engine.parsing.cache.edits import PROJECTS, copied, loaded
from tidemill.engine.parsing.cache.tree import Tree, look_at

MODEL = Path("models/marts/arrivals.sql")


def _write(root: Path) -> None:
    (root / MODEL).write_text("select 1 as one")


def _write_open(root: Path) -> None:
    # As an editor that never closes its file.
    handle = os.open(root / MODEL, os.O_WRONLY)
    os.write(handle, b"-- as")
    os.dup(handle)


def _replace(root: Path) -> None:
    other = root / "models" / "marts" / ".arrivals.sql.swp"
    other.write_text("select 2 as two")
    other.rename(root / MODEL)


def _delete(root: Path) -> None:
    (root / MODEL).unlink()


def _add(root: Path) -> None:
    (root / "models" / "more.sql").write_text("select 3 as three")


def _add_in_a_new_folder(root: Path) -> None:
    (root / "models" / "new" / "folder").mkdir(parents=True)
    (root / "models" / "new" / "folder" / "more.sql").write_text("select 3 as three")


def _move_a_folder(root: Path) -> None:
    (root / "models" / "marts").rename(root / "models" / "marts2")


def _ignore(root: Path) -> None:
    (root / ".dbtignore").write_text("arrivals.sql\n")


def _first_of_a_kind(root: Path) -> None:
    (root / "tests" / "generic").mkdir(parents=True, exist_ok=True)
    (root / "tests" / "generic" / "odd.sql").write_text("{% test odd(model) %}{% endtest %}")


def _through_another_name(root: Path) -> None:
    (root / "linked.sql").write_text("select 5 as five")


def _nothing_that_counts(root: Path) -> None:
    (root / "models" / "marts" / "notes.txt").write_text("later")
    (root / "models" / "marts" / ".#arrivals.sql").write_text("")


EDITS = (
    _write,
    _write_open,
    _replace,
    _delete,
    _add,
    _add_in_a_new_folder,
    _move_a_folder,
    _ignore,
    _first_of_a_kind,
    _through_another_name,
    _nothing_that_counts,
)


@pytest.mark.parametrize("is_told", [True, False], ids=["watched", "looked at"])
@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.__name__.strip("_"))
def test_a_tree_is_what_is_on_disk(
    edit: Callable[[Path], None], is_told: bool, tmp_path: Path
) -> None:
    root = copied(PROJECTS / "pilots", tmp_path / "pilots")
    (root / "linked.sql").write_text("select 4 as four")
    (root / "models" / "linked.sql").symlink_to(root / "linked.sql")
    tree = Tree(loaded(root))
    if not is_told:
        tree.close()
    first = tree.look()
    assert tree.look() == first
    edit(root)
    found, expected = tree.look(), look_at(loaded(root))
    assert list(found.files) == list(expected.files)
    assert _contents(found.stamps) == _contents(expected.stamps)
    edit_again = root / "models" / "later.sql"
    edit_again.write_text("select 6 as six")
    assert any(path.endswith("later.sql") for _, _, path in tree.look().files)
    tree.close()


def test_what_has_not_changed_is_not_looked_at(tmp_path: Path) -> None:
    root = copied(PROJECTS / "pilots", tmp_path / "pilots")
    tree = Tree(loaded(root))
    if tree.watch is None:
        pytest.skip("this system does not tell of changes")
    first = tree.look()
    _nothing_that_counts(root)
    assert tree.look() is first
    _write(root)
    second = tree.look()
    assert [k for k, stamp in second.stamps.items() if stamp is not first.stamps[k]] == [
        ("model", "pilots", str(MODEL))
    ]
    tree.close()


def test_a_process_that_serves_once_looks_no_more(tmp_path: Path) -> None:
    root = copied(PROJECTS / "pilots", tmp_path / "pilots")
    tree = Tree(loaded(root))
    first = tree.look()
    tree.keep_still()
    _write(root)
    assert tree.look() is first
    tree.close()


def _contents(stamps: object) -> object:
    assert isinstance(stamps, dict)
    return {key: stamp.content for key, stamp in stamps.items()}


def test_what_was_heard_is_looked_at_later(tmp_path: Path) -> None:
    root = copied(PROJECTS / "pilots", tmp_path / "pilots")
    tree = Tree(loaded(root))
    if tree.watch is None:
        pytest.skip("this system does not tell of changes")
    tree.look()
    _write(root)
    tree.watch.hear()
    assert not select.select([tree.watch], [], [], 0)[0]
    assert _contents(tree.look().stamps) == _contents(look_at(loaded(root)).stamps)
    tree.close()
