"""What a plugin asks of dbt's configuration, answered from ours."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from tidemill.adapters.bridge.calls import Calls


class Configuration:
    """The object that plugins know as ``config``."""

    log_cache_events = False

    def __init__(
        self, credentials: Any, threads: int, defaults: dict[str, bool], calls: Calls
    ) -> None:
        self.credentials = credentials
        self.threads = threads
        self.args = SimpleNamespace(single_threaded=False)
        self.query_comment = SimpleNamespace(comment="", append=False, job_label=False)
        """Statements get their comment from the engine."""
        self._defaults = defaults
        self._calls = calls

    @property
    def quoting(self) -> dict[str, bool]:
        """What is quoted, for each part of a name; the plugin's own rule beneath the project's."""
        source = self._calls.source
        return self._defaults | (dict(self._calls.host.quoting) if source is not None else {})

    @property
    def project_name(self) -> str:
        return str(self._runtime.project.name)

    @property
    def project_root(self) -> str:
        return str(self._runtime.root)

    @property
    def profile_name(self) -> str:
        return str(self._runtime.target.profile_name)

    @property
    def target_name(self) -> str:
        return str(self._runtime.target.name)

    @property
    def cli_vars(self) -> dict[str, Any]:
        return dict(self._runtime.cli_vars)

    @property
    def target_path(self) -> str:
        return str(self._runtime.target_path)

    @property
    def flags(self) -> dict[str, Any]:
        """The project's flags, those of behaviour among them."""
        return dict(self._runtime.project.flags) if self._calls.source is not None else {}

    def to_target_dict(self) -> dict[str, Any]:
        return dict(self._calls.host.target)

    @property
    def _runtime(self) -> Any:
        return self._calls.host.config
