"""What a build passes without doing anything: exposures and saved queries. dbt tells of them as NO-OP."""

from __future__ import annotations

import threading
import time
from typing import Any

from tidemill.engine.nodes import Manifest, Node, NodeResult, Timing


class NoOpNode(Node, frozen=True, kw_only=True, tag="no_op"):
    """An exposure or a saved query in the place of a node."""


def no_op_node(unique_id: str, manifest: Manifest) -> NoOpNode | None:
    """The node of an exposure or saved query, or None for anything else."""
    resource: Any = manifest.exposures.get(unique_id) or manifest.saved_queries.get(unique_id)
    if resource is None:
        return None
    return NoOpNode(
        unique_id=unique_id,
        resource_type=resource.resource_type,
        name=resource.name,
        package_name=resource.package_name,
        path=resource.path,
        original_file_path=resource.original_file_path,
        fqn=tuple(resource.fqn),
        alias=resource.name,
        schema="",
        database=None,
        config=resource.config if isinstance(resource.config, dict) else {},
        depends_on=resource.depends_on,
    )


class NoOp:
    """The work on such a node, in the place of ``NodeWork``."""

    compiled_path: str | None = None

    def __init__(self, node: Node) -> None:
        self._node = node

    def compile(self) -> NodeResult:
        """Nothing."""
        return self.execute()

    def execute(self) -> NodeResult:
        """Nothing, with dbt's result."""
        now = time.time()
        return NodeResult(
            unique_id=self._node.unique_id,
            status="no-op",
            message="NO-OP",
            failures=0,
            thread=threading.current_thread().name,
            timings=(Timing("compile", now, now), Timing("execute", now, now)),
        )
