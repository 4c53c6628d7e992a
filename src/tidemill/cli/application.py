"""From words to an exit code: understand them, run the verb, and tell every error once."""

from __future__ import annotations

import importlib
import os
import sys
import time
import traceback
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tidemill.cli.arguments.parser import (
    ArgumentFault,
    HelpWanted,
    VersionWanted,
    Words,
    parse_words,
)
from tidemill.cli.garbage import collected_rarely, drivers_are_loaded, kept_to_the_end

if TYPE_CHECKING:
    from tidemill.cli.invocation import Invocation
    from tidemill.engine.parsing.memory import Memory

DONE, FAILED, IMPOSSIBLE = 0, 1, 2
"""dbt's exit codes: all is well; something in the run failed; the command could not do its work."""


def run(words: Sequence[str], *, alone: bool = False, memory: Memory | None = None) -> int:
    """Run one command. Nothing is raised: every end is an exit code.

    ``alone`` says that the process ends with it; ``memory`` is of the process that it was forked from.
    """
    try:
        with collected_rarely(ends=alone or memory is not None):
            return _run(parse_words(words), alone, memory)
    except HelpWanted as wanted:
        return _help(wanted, asked=bool(words))
    except VersionWanted:
        from tidemill import __version__

        print(f"tidemill {__version__}")
        return DONE
    except ArgumentFault as fault:
        return _refuse(fault)


def _help(wanted: HelpWanted, *, asked: bool) -> int:
    from tidemill.cli.arguments.help import overview, page

    text = page(wanted.verb) if wanted.verb else overview()
    # Without any word it is an error, as with dbt, and so it goes where errors in arguments go.
    print(text, file=sys.stdout if asked else sys.stderr)
    return DONE if asked else IMPOSSIBLE


def _refuse(fault: ArgumentFault) -> int:
    command = f" {fault.verb}" if fault.verb else ""
    print(f"Usage: tidemill{command or ' COMMAND'} [options]", file=sys.stderr)
    print(f"Error: {fault}", file=sys.stderr)
    print(f"`tidemill{command} --help` lists what there is.", file=sys.stderr)
    return IMPOSSIBLE


def _run(words: Words, alone: bool, memory: Memory | None) -> int:
    from tidemill.cli.invocation import begin

    invocation = begin(words, memory=memory)
    invocation.alone = alone and memory is None
    code = conduct(invocation)
    if alone and not drivers_are_loaded():
        kept_to_the_end(invocation)
    _leave_quietly()
    return code


def conduct(invocation: Invocation) -> int:
    """Run what was begun, to the exit code. Its answer and its error stay with the invocation."""
    from tidemill.cli.old_words import both_names

    try:
        with both_names(os.environ):
            return _execute(invocation)
    finally:
        invocation.outlet.close()


def _execute(invocation: Invocation) -> int:
    from tidemill.cli.rendering import command

    invocation.outlet.say(command.began(), command.arguments(invocation.settings.values))
    code = _guarded(invocation)
    seconds = time.time() - invocation.started_at
    if invocation.outlet.awaits_log and (invocation.root / "dbt_project.yml").is_file():
        invocation.keep_log()
    invocation.outlet.say(*invocation.deprecations.summary())
    invocation.outlet.say(command.completed(invocation.verb, success=code == DONE, seconds=seconds))
    return code


def _guarded(invocation: Invocation) -> int:
    """Run the verb inside the one boundary that keeps tracebacks from people."""
    from tidemill.cli.old_words import old_words
    from tidemill.cli.rendering import command
    from tidemill.errors import Cancelled, TidemillError

    try:
        invocation.warn(*old_words(invocation.words, invocation.settings, os.environ))
        verb = importlib.import_module(invocation.words.verb.module)
        code: int = verb.run(invocation)
    except TidemillError as error:
        invocation.error = error
        invocation.outlet.say(*command.named(error), command.failed(error))
        return IMPOSSIBLE
    except KeyboardInterrupt:
        invocation.error = Cancelled("stopped by Ctrl-C before the command was done")
        invocation.outlet.say(command.failed(invocation.error))
        return IMPOSSIBLE
    except Exception as error:  # noqa: BLE001 - the last boundary: a fault of ours
        invocation.error = error
        invocation.outlet.say(*command.crashed(error, traceback.format_exc()))
        return IMPOSSIBLE
    return code


def _leave_quietly() -> None:
    """A reader that has gone (`| head`) must not make the interpreter complain at its end."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
