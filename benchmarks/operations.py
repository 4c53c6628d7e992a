"""What is measured: each operation with what must be true before it starts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from benchmarks.workplace import Workplace

SQLMESH_LOAD = ("info", "--skip-connection")
SQLMESH_PLAN = ("plan", "--auto-apply", "--no-prompts")
STATE = "state"


def _nothing(_place: Workplace) -> None:
    """Leave everything as the command before left it."""


@dataclass(frozen=True)
class Operation:
    """One thing that people do, and wait for."""

    name: str
    words: tuple[str, ...]
    """In dbt's words."""
    prepare: Callable[[Workplace], None] = _nothing
    """Runs before every measured command, unmeasured."""
    executes: bool = False
    """Whether it writes run results that all who take dbt's words must agree on."""
    others: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The words of contenders that do not take dbt's, where they can do the same."""

    def words_of(self, contender: str, takes_dbts_words: bool) -> tuple[str, ...] | None:
        """Return the words for a contender; None where it cannot do this."""
        return self.words if takes_dbts_words else self.others.get(contender)


def operations(one: str, *, builds: bool = True) -> tuple[Operation, ...]:
    """Return all operations in an order in which each leaves what the next needs. ``one`` is a mart."""
    load = {"sqlmesh": SQLMESH_LOAD}
    parsing = (
        Operation("parse, nothing known", ("parse",), Workplace.forget, others=load),
        Operation("parse, nothing changed", ("parse",), others=load),
        Operation("parse, one model edited", ("parse",), Workplace.edit_one_model, others=load),
        Operation("parse, one YAML file edited", ("parse",), Workplace.edit_one_properties_file),
        Operation("parse, one macro edited", ("parse",), Workplace.edit_one_macro),
        Operation("parse, a var changed", ("parse",), Workplace.change_the_var),
        Operation("ls", ("ls",)),
        Operation("ls +mart", ("ls", "--select", f"+{one}")),
        Operation(
            "ls state:modified+",
            ("ls", "--select", "state:modified+", "--state", STATE),
            Workplace.edit_since_state,
        ),
    )
    compiling = (
        Operation("compile one model", ("compile", "--select", one)),
        Operation(
            "compile one model, edited", ("compile", "--select", one), Workplace.edit_the_mart
        ),
    )
    if not builds:
        return (*parsing, *compiling)
    plan = {"sqlmesh": SQLMESH_PLAN}
    building = (
        Operation(
            "build, empty database",
            ("build", "--threads", "4"),
            Workplace.empty_database,
            executes=True,
            others=plan,
        ),
        Operation("build again", ("build", "--threads", "4"), executes=True, others=plan),
        Operation("compile", ("compile",)),
        Operation("run one model", ("run", "--select", one), executes=True),
    )
    return (*parsing, *building, *compiling)
