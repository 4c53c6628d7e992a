"""``config()`` as it is written rather than as it was rendered, for comparing states.

Only for projects with dbt's flag ``state_modified_compare_more_unrendered_values``: a variable that is read in
``config()`` is then no change of the node, whatever its value. Values have the form in which dbt keeps them in a manifest.
"""

from __future__ import annotations

from typing import Any

from jinja2 import Environment, nodes

FLAG = "state_modified_compare_more_unrendered_values"


def written_config(text: str, environment: Environment) -> dict[str, Any]:
    """The arguments of the first ``config()`` call in ``text`` by name; none where there is no call."""
    if "config(" not in text:
        return {}
    for call in environment.parse(text).find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "config":
            return {keyword.key: str(keyword) for keyword in call.kwargs}
    return {}
