"""Configuration as it is written rather than as it was rendered, for comparing states.

Only for projects with dbt's flag ``state_modified_compare_more_unrendered_values``: a variable that is read in
``config()`` or in a property file is then no change of the node, whatever its value. Values have the form in which
dbt keeps them in a manifest.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jinja2 import Environment, nodes

from tidemill.engine.parsing.property_entries import Patch

_PLAIN_CALLS = frozenset({"config", "ref", "source"})
FLAG = "state_modified_compare_more_unrendered_values"


def written_config(text: str, environment: Environment) -> dict[str, Any]:
    """The arguments of the first ``config()`` call in ``text`` by name; none where there is no call."""
    if "config(" not in text:
        return {}
    for call in environment.parse(text).find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "config":
            return {keyword.key: str(keyword) for keyword in call.kwargs}
    return {}


def is_plain(text: str, environment: Environment) -> bool:
    """Whether a template does no more than call ``ref``, ``source`` and ``config`` with constants.

    dbt reads such a model without rendering it, and keeps the values of its ``config()``.
    """
    for statement in environment.parse(text).body:
        if not isinstance(statement, nodes.Output):
            return False
        if not all(isinstance(n, nodes.TemplateData) or _is_plain_call(n) for n in statement.nodes):
            return False
    return True


def written_properties(patch: Patch) -> dict[str, Any]:
    """What a property file configures, with its Jinja as it stands there."""
    return _laid_over(patch.config, patch.unrendered)


def _is_plain_call(node: nodes.Node) -> bool:
    if not isinstance(node, nodes.Call) or not isinstance(node.node, nodes.Name):
        return False
    arguments = [*node.args, *(keyword.value for keyword in node.kwargs)]
    return node.node.name in _PLAIN_CALLS and all(map(_is_constant, arguments))


def _is_constant(node: nodes.Node) -> bool:
    if isinstance(node, nodes.List):
        return all(map(_is_constant, node.items))
    if isinstance(node, nodes.Dict):
        return all(_is_constant(pair.key) and _is_constant(pair.value) for pair in node.items)
    return isinstance(node, nodes.Const)


def _laid_over(lower: Mapping[str, Any], upper: Mapping[str, Any]) -> dict[str, Any]:
    """Mappings are merged, and lists stand behind one another (dbt's way: what is no Jinja stands there twice)."""
    merged = dict(lower)
    for key, value in upper.items():
        below = merged.get(key)
        if isinstance(value, Mapping) and isinstance(below, Mapping):
            merged[key] = _laid_over(below, value)
        elif isinstance(value, list) and isinstance(below, list):
            merged[key] = [*below, *value]
        else:
            merged[key] = value
    return merged
