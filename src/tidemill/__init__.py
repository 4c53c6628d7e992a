"""Tidemill: load, transform, test, schedule, explain and share data from one dbt project.

``tidemill.Project`` is the public face; nothing heavy is imported until it is asked for.
"""

from __future__ import annotations

__version__ = "0.1.0"

TYPE_CHECKING = False
"""Checkers take it for the one of ``typing``, whose import would be most of ``tidemill --version``."""

if TYPE_CHECKING:
    from typing import Any

    from tidemill.commands.face import Project as Project

__all__ = ["Project", "__version__"]


def __getattr__(name: str) -> Any:
    """Import the public face on first use (PEP 562), so that ``import tidemill`` stays cheap."""
    if name == "Project":
        from tidemill.commands.face import Project

        return Project
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
