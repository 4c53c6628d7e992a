"""What a node's pre- and post-hooks read: a ``ref`` in a hook is a dependency like any other (dbt's rule)."""

from __future__ import annotations

from typing import Any

import msgspec

from tidemill.engine.jinja.capture import Capture
from tidemill.engine.jinja.macro_host import MacroHost
from tidemill.engine.nodes import DependsOn, Node, Seed
from tidemill.errors import ParsingError, Place


def with_hooks(host: MacroHost, node: Node) -> Node:
    """``node`` with the refs, sources and macros of its hooks added.

    Raises CompilationError for a hook that cannot be rendered, and ParsingError for a seed whose hooks
    read other nodes.
    """
    hooks: list[Any] = [*(node.config.get("pre-hook") or ()), *(node.config.get("post-hook") or ())]
    if not hooks:
        return node
    capture = Capture()
    session = host.session(node, None, phase="parse", capture=capture)
    for hook in hooks:
        session.render(hook["sql"], file=node.original_file_path)
    if isinstance(node, Seed) and (capture.refs or capture.sources):
        raise _seed_reads(node)
    return msgspec.structs.replace(
        node,
        refs=(*node.refs, *capture.refs),
        sources=(*node.sources, *capture.sources),
        depends_on=DependsOn((), tuple(dict.fromkeys((*node.depends_on.macros, *capture.macros)))),
    )


def _seed_reads(seed: Seed) -> ParsingError:
    return ParsingError(
        "Seeds cannot depend on other nodes, and a hook of this one calls 'ref' or 'source'",
        code="seed-depends",
        node=seed.unique_id,
        place=Place(file=seed.original_file_path),
        hint="move the statement into a model that reads the seed, or name the relation in plain SQL",
    )
