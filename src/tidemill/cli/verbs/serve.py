"""``serve``: the project in the browser, until Ctrl-C."""

from __future__ import annotations

import os

from tidemill.cli.application import DONE
from tidemill.cli.garbage import collected_rarely
from tidemill.cli.invocation import Invocation
from tidemill.cli.rendering.entry import Entry, note
from tidemill.cli.resident.companion import Companion
from tidemill.server.serving import Address, ProjectOptions
from tidemill.server.serving import serve as serve_project

TOKEN_VARIABLE = "TIDEMILL_TOKEN"


def run(invocation: Invocation) -> int:
    """Serve the project that we are in."""
    return serve(invocation)


def serve(invocation: Invocation) -> int:
    """Serve the invocation's project and say where. Ends with 0 when it is stopped."""
    settings, outlet = invocation.settings, invocation.outlet

    def tell_address(address: Address) -> None:
        resident.start()
        outlet.say(
            Entry(
                name="ServerReady",
                code="T001",
                level="info",
                text=f"Serving {invocation.root.name} at {address.url}",
                data={"url": address.url, "host": address.host, "port": address.port},
                result=True,
            ),
            note("Ctrl-C stops it"),
        )

    opening = invocation.opening()
    resident = Companion(invocation.root, opening, wanted=bool(settings["daemon"]))
    with resident, collected_rarely(stays=True):
        serve_project(
            ProjectOptions(root=invocation.root, opening=opening, read_only=settings["read_only"]),
            settings["host"],
            settings["port"],
            settings.get("token") or os.environ.get(TOKEN_VARIABLE),
            settings["browser"],
            on_ready=tell_address,
            on_warning=outlet.tell,
        )
    return DONE
