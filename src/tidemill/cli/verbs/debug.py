"""``debug``: what is there, what is right, and what is missing."""

from __future__ import annotations

from tidemill.cli.application import DONE, FAILED
from tidemill.cli.invocation import Invocation
from tidemill.cli.rendering.entry import Colour, Entry, blank, note, result
from tidemill.commands.debug import Check, debug, profiles_folder
from tidemill.engine.project.profiles import PROFILES_FILE
from tidemill.errors import Fault, UsageError, render_fault


def run(invocation: Invocation) -> int:
    """Check everything and end with 0 if all is right, else with 1."""
    settings, outlet = invocation.settings, invocation.outlet
    if settings["config_dir"]:
        outlet.say(result(str(profiles_folder(invocation.root, invocation.opening()))))
        return DONE
    if not invocation.root.is_dir():
        raise UsageError(
            f"there is no folder {invocation.root}", hint="give another one with --project-dir"
        )
    if settings["connection"]:
        outlet.say(_entry("Skipping steps before connection verification"))
    section, wrong = "", []
    checks = debug(
        invocation.root,
        invocation.opening(),
        connection_only=settings["connection"],
        emit=invocation.tell,
    )
    for check in checks:
        if check.section != section:
            section = check.section
            outlet.say(note(f"{section}:"))
        outlet.say(_line(check))
        if check.ok is False:
            wrong.append(check)
    outlet.say(blank(), *_end(wrong))
    return FAILED if wrong else DONE


def _line(check: Check) -> Entry:
    indent = "  " if check.section else ""
    if check.ok is None:
        return _entry(indent + (f"{check.name}: {check.value}" if check.value else check.name))
    is_connection = check.section == "Connection"
    words = "OK connection ok" if is_connection else "OK found and valid"
    name = f"{check.name}:" if is_connection else check.name
    if check.ok:
        return _entry(f"{indent}{name} [{words}]", "OK", ok=True)
    return _entry(f"{indent}{name} [ERROR]", "ERROR", ok=False)


def _end(wrong: list[Check]) -> list[Entry]:
    if not wrong:
        return [_entry("All checks passed!", ok=True)]
    count = "1 check failed:" if len(wrong) == 1 else f"{len(wrong)} checks failed:"
    texts = [_reason(check, fault) for check in wrong for fault in check.faults]
    return [_entry(count, ok=False), *(note(text, "error") for text in texts)]


def _reason(check: Check, fault: Fault) -> str:
    text = render_fault(fault)
    if PROFILES_FILE not in check.name:
        return text
    return f"Profile loading failed for the following reason:\n{text}"


def _entry(text: str, accent: str | None = None, *, ok: bool | None = None) -> Entry:
    colour: Colour | None = None if ok is None else "green" if ok else "red"
    name, code = ("DebugCmdOut", "Z047") if ok is None else ("DebugCmdResult", "Z048")
    return Entry(
        name=name,
        code=code,
        level="error" if ok is False else "info",
        text=text,
        data={"msg": text},
        colour=colour,
        accent=accent,
    )
