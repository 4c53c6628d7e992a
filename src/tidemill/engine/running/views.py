"""Results as on-run-end hooks see them: ``results``, with dbt's attributes and ``to_dict``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from tidemill.engine.jinja.tables import AttributeDict
from tidemill.engine.nodes import Node, NodeResult, Timing
from tidemill.engine.nodes.shape import node_dict


class View(AttributeDict):
    """A mapping whose keys read as attributes, all the way down."""

    def to_dict(self, omit_none: bool = False) -> dict[str, Any]:
        """The mapping as plain values."""
        plain = {key: _plain(value) for key, value in self.items()}
        return {k: v for k, v in plain.items() if v is not None or not omit_none}


def result_view(result: NodeResult, node: Node) -> View:
    """One result: ``res.node.unique_id``, ``res.status``, ``res.execution_time`` ..."""
    return View(
        node=View({k: _seen(v) for k, v in node_dict(node).items()}),
        status="skipped" if result.status == "cancelled" else result.status,
        message=result.message or None,
        failures=result.failures,
        execution_time=result.seconds,
        thread_id=result.thread,
        timing=[_timing_view(timing) for timing in result.timings],
        adapter_response=dict(result.adapter_response),
        batch_results=result.batch_results,
    )


def _timing_view(timing: Timing) -> View:
    return View(
        name=timing.name,
        started_at=_moment(timing.started_at),
        completed_at=_moment(timing.completed_at),
    )


def _moment(seconds: float) -> dt.datetime:
    """UTC without a zone, as dbt gives it."""
    return dt.datetime.fromtimestamp(seconds, dt.UTC).replace(tzinfo=None)


def _seen(value: Any) -> Any:
    return View({k: _seen(v) for k, v in value.items()}) if isinstance(value, Mapping) else value


def _plain(value: Any) -> Any:
    if isinstance(value, View):
        return value.to_dict()
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, dt.datetime) else value
