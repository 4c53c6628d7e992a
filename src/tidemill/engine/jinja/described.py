"""``config.model``: a node as dbt's adapters read it, with attributes where templates have keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from tidemill.engine.jinja.resolvers import RunConfig
from tidemill.engine.jinja.tables import AttributeDict


class DescribedConfig(RunConfig):
    """``config`` of a node that knows the node as well."""

    def __init__(
        self, config: Mapping[str, Any], subject: str, describe: Callable[[], Mapping[str, Any]]
    ) -> None:
        super().__init__(config, subject)
        self._describe = describe

    @cached_property
    def model(self) -> Description:
        """The node itself; made when a macro asks, which few do."""
        return Description(self._describe())


class Description(AttributeDict):
    """A node's shape with the words that dbt's adapters have for its parts."""

    @property
    def identifier(self) -> Any:
        return self["alias"]

    @property
    def quoting_dict(self) -> dict[str, bool]:
        return dict(self["config"].get("quoting") or {})

    @property
    def catalog_name(self) -> Any:
        return self["config"].get("catalog_name")

    @cached_property
    def config(self) -> DescribedSettings:
        return DescribedSettings(self["config"])


class DescribedSettings(AttributeDict):
    """A node's configuration: what dbt does not know of it stands under ``extra`` too."""

    @property
    def extra(self) -> dict[str, Any]:
        return self
