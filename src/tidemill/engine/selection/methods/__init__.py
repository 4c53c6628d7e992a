"""The selection methods: each a function from a project and a criterion to unique ids."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from tidemill.engine.selection.expressions import Criterion
from tidemill.engine.selection.methods import names, places, properties, state
from tidemill.engine.selection.scope import Scope

Method = Callable[[Scope, Criterion], Iterable[str]]

BY_NAME: dict[str, Method] = {
    "all": names.everything,
    "fqn": names.fqn,
    "source": names.source,
    "exposure": names.exposure,
    "metric": names.metric,
    "semantic_model": names.semantic_model,
    "saved_query": names.saved_query,
    "unit_test": names.unit_test,
    "selector": names.selector,
    "path": places.path,
    "file": places.file,
    "package": places.package,
    "tag": properties.tag,
    "group": properties.group,
    "access": properties.access,
    "config": properties.config,
    "test_name": properties.test_name,
    "test_type": properties.test_type,
    "resource_type": properties.resource_type,
    "version": properties.version,
    "state": state.state,
    "result": state.result,
    "source_status": state.source_status,
}
"""``words.METHODS``, and ``all``: what an empty ``--select`` means."""
