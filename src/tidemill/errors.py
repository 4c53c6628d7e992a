"""The error tree: every fault a user can meet is one of these, and describes itself.

::

    TidemillError                      carries a Fault and an exit code
    ├── UsageError                     wrong words on the command line, an unknown name in a call   (2)
    ├── ConfigurationError             dbt_project.yml, profiles.yml, packages                      (2)
    │   └── DependencyError            packages that cannot be found, fetched or combined           (2)
    ├── ParsingError                   YAML and SQL files that cannot be read into nodes            (2)
    ├── CompilationError               Jinja, ref, source, macros                                   (2, or 1 in a run)
    ├── DatabaseError                  the warehouse refused or could not be reached                (1, or 2 at start)
    ├── ExecutionError                 anything else that fails while a node runs                   (1)
    ├── Cancelled                      the user stopped it                                          (1)
    └── ProjectFaults                  several faults, reported together                            (2)

The first line that people see keeps dbt's words ("Compilation Error", ...), since scripts read them;
what follows is ours: where, and what to do next. The terminal, the HTTP reply and the page
render the same ``Fault``.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where something is: a file (relative to the project), and a line and column counted from 1."""

    file: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        parts = [self.file, *(str(n) for n in (self.line, self.column) if n is not None)]
        return ":".join(parts)


class Fact(msgspec.Struct, frozen=True):
    """A word of a message under dbt's name of the field."""

    name: str
    value: str


def facts(**values: str) -> tuple[Fact, ...]:
    """Facts by name."""
    return tuple(Fact(name, value) for name, value in values.items())


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is wrong: what, where, and what to do next."""

    code: str
    """A stable word for machines, such as ``ref-not-found``."""
    label: str
    """dbt's word for the kind of error, such as ``Compilation Error``."""
    message: str
    place: Place | None = None
    hint: str | None = None
    node: str | None = None
    """The unique id of the node that it happened in."""
    stack: tuple[str, ...] = ()
    """Macro calls that led here, innermost first, as ``macro name (file:line)``."""
    facts: tuple[Fact, ...] = ()
    """What the message is made of, by dbt's names of these fields, for those who read the log as JSON."""

    def __str__(self) -> str:
        return render_fault(self)


def render_fault(fault: Fault) -> str:
    """The fault as text for people: dbt's label and node first, then place, macros and hint."""
    subject = f" in {describe_node(fault.node)}" if fault.node else ""
    if fault.place is not None:
        subject += f" ({fault.place})" if fault.node else f" in {fault.place}"
    lines = [fault.label + subject, *_indented(fault.message)]
    lines += [f"  > in {call}" for call in fault.stack]
    if fault.hint:
        lines += _indented(f"Hint: {fault.hint}")
    return "\n".join(lines)


def describe_node(unique_id: str) -> str:
    """``model.shop.orders`` as dbt writes it in messages: ``model orders``."""
    kind, _, rest = unique_id.partition(".")
    return f"{kind} {rest.partition('.')[2] or rest}"


def _indented(text: str) -> list[str]:
    return [f"  {line}" for line in text.splitlines()]


class TidemillError(Exception):
    """Base of every error meant for the user. ``exit_code`` is what a command ends with."""

    label = "Runtime Error"
    code = "error"
    exit_code = 2
    retryable = False

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        place: Place | None = None,
        hint: str | None = None,
        node: str | None = None,
        stack: Iterable[str] = (),
    ) -> None:
        super().__init__(message)
        self.fault = Fault(
            code=code or self.code,
            label=self.label,
            message=message,
            place=place,
            hint=hint,
            node=node,
            stack=tuple(stack),
        )

    @property
    def faults(self) -> tuple[Fault, ...]:
        return (self.fault,)

    def located(
        self, *, node: str | None = None, place: Place | None = None, call: str | None = None
    ) -> TidemillError:
        """This error with a node, place or macro call added where it has none yet."""
        fault = self.fault
        stack = (*fault.stack, call) if call else fault.stack
        self.fault = msgspec.structs.replace(
            fault, node=fault.node or node, place=fault.place or place, stack=stack
        )
        return self

    def __str__(self) -> str:
        return render_fault(self.fault)


class UsageError(TidemillError):
    """Wrong words: an unknown option, selector, command or argument (dbt's label: Runtime Error)."""

    code = "usage"


class ConfigurationError(TidemillError):
    """The project, its profile or its packages cannot be loaded (dbt's label: Runtime Error)."""

    code = "configuration"


class DependencyError(ConfigurationError):
    """Packages cannot be found, fetched, or used together."""

    label = "Dependency Error"
    code = "dependency"


class ParsingError(TidemillError):
    """A file of the project cannot be read into nodes."""

    label = "Parsing Error"
    code = "parsing"


class CompilationError(TidemillError):
    """Jinja cannot be rendered, or a name in it does not resolve."""

    label = "Compilation Error"
    code = "compilation"


class DatabaseError(TidemillError):
    """The warehouse refused a statement or a connection."""

    label = "Database Error"
    code = "database"
    exit_code = 1


class ExecutionError(TidemillError):
    """A node failed while it ran, for a reason other than the warehouse."""

    code = "execution"
    exit_code = 1


class Cancelled(TidemillError):
    """The user asked for the work to stop."""

    code = "cancelled"
    exit_code = 1


class ProjectFaults(TidemillError):
    """Several faults of one project, found in one pass and reported together."""

    label = "Parsing Error"
    code = "project-faults"

    def __init__(self, faults: Iterable[Fault]) -> None:
        self._faults = tuple(faults)
        if not self._faults:
            raise ValueError("ProjectFaults needs at least one fault")
        super().__init__(f"{len(self._faults)} faults in the project")

    @property
    def faults(self) -> tuple[Fault, ...]:
        return self._faults

    def __str__(self) -> str:
        return "\n\n".join(render_fault(fault) for fault in self._faults)


def raise_faults(faults: Iterable[Fault]) -> None:
    """Raise ``ProjectFaults`` if there are any."""
    gathered = tuple(faults)
    if gathered:
        raise ProjectFaults(gathered)


def did_you_mean(wrong: str, known: Iterable[str]) -> str | None:
    """A hint that names the nearest of ``known`` words, or None when nothing is near."""
    from difflib import get_close_matches

    near = get_close_matches(wrong, list(known), n=3, cutoff=0.6)
    if not near:
        return None
    return "did you mean " + " or ".join(f"'{name}'" for name in near) + "?"
