"""Which nodes a command is about: dbt's ``--select`` language, selectors.yml, and what ``ls`` prints."""

from tidemill.engine.selection.expressions import (
    INDIRECT_MODES,
    Criterion,
    Difference,
    Expression,
    Indirect,
    Intersection,
    Union,
)
from tidemill.engine.selection.listing import LIST_OUTPUTS, list_output
from tidemill.engine.selection.reasons import reasons, reasons_behind
from tidemill.engine.selection.resource_types import resource_types_for
from tidemill.engine.selection.selecting import changes_since, select
from tidemill.engine.selection.selectors_file import (
    Selector,
    parse_selectors,
    read_selectors,
    selectors_for_manifest,
    selectors_in_manifest,
)
from tidemill.engine.selection.words import METHODS, parse_selection, parse_words

__all__ = [
    "INDIRECT_MODES",
    "LIST_OUTPUTS",
    "METHODS",
    "Criterion",
    "Difference",
    "Expression",
    "Indirect",
    "Intersection",
    "Selector",
    "Union",
    "changes_since",
    "list_output",
    "parse_selection",
    "parse_selectors",
    "parse_words",
    "read_selectors",
    "reasons",
    "reasons_behind",
    "resource_types_for",
    "select",
    "selectors_for_manifest",
    "selectors_in_manifest",
]
