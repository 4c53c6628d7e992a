"""``docs generate`` and ``docs serve``: a page about the project, and a server for it."""

from __future__ import annotations

import webbrowser

from tidemill.cli.application import DONE, FAILED, IMPOSSIBLE
from tidemill.cli.interrupts import Interrupts
from tidemill.cli.invocation import Invocation
from tidemill.cli.rendering.entry import note
from tidemill.commands.docs import Generation, docs_server, options_of
from tidemill.events import FaultFound, Message, NodeFinished, SqlExecuted


def generate(invocation: Invocation) -> int:
    """Compile, read the catalog, and write the page."""
    settings = invocation.settings
    options = options_of(
        invocation.run_options(),
        compile=settings["compile"],
        empty_catalog=settings["empty_catalog"],
        static=settings["static"],
    )
    with invocation.open_project() as project, Interrupts() as interrupts:
        invocation.parse(project)
        generation = Generation(project, options, cancel=interrupts.stop)
        for event in generation:
            if isinstance(event, Message | SqlExecuted):
                invocation.tell(event)
            elif isinstance(event, NodeFinished) and event.fault is not None:
                invocation.tell(FaultFound(fault=event.fault))
            else:
                invocation.outlet.follow(event)
    if generation.compiled is not None and generation.compiled.cancelled:
        return IMPOSSIBLE
    return DONE if generation.success else FAILED


def serve(invocation: Invocation) -> int:
    """Serve the page until Ctrl-C."""
    settings, outlet = invocation.settings, invocation.outlet
    with invocation.open_project() as project:
        server = docs_server(project, settings["host"], settings["port"])
    host, port = server.server_address[:2]
    address = f"http://localhost:{port}"
    outlet.say(note(f"Serving docs at {host!s}:{port}"), note(f"Open {address}; Ctrl-C ends it"))
    if settings["browser"]:
        webbrowser.open_new_tab(address)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()
    return DONE


def run(invocation: Invocation) -> int:
    """Whichever of the two it is."""
    return serve(invocation) if invocation.verb == "docs serve" else generate(invocation)
