"""The verb ``lineage`` and its options."""

from __future__ import annotations

from tidemill.cli.arguments import options as o
from tidemill.cli.arguments.option import Option
from tidemill.cli.arguments.verb import Argument, Verb

LINEAGE = Verb(
    "lineage",
    "Show where a column comes from, and what is made of it.",
    "tidemill.cli.verbs.lineage",
    "Reads the compiled SQL; nothing is sent to the warehouse without --introspect. A column is followed to its ends, the columns "
    "of a model one step. Without a name it says how much of the project's lineage is known.",
    (
        Option(
            "upstream",
            ("--upstream",),
            "flag",
            "Only where it comes from.",
            "Run",
            default=False,
        ),
        Option(
            "downstream",
            ("--downstream",),
            "flag",
            "Only what is made of it.",
            "Run",
            default=False,
        ),
        Option(
            "depth",
            ("--depth",),
            "integer",
            "How many steps to follow.",
            "Run",
            metavar="STEPS",
        ),
        Option(
            "rows",
            ("--rows",),
            "flag",
            "Follow what decides about rows as well: filters, joins, groups.",
            "Run",
            default=False,
        ),
        Option(
            "introspect",
            ("--introspect",),
            "switch",
            "Let templates ask the warehouse, for models that do not compile without it.",
            "Run",
            default=False,
        ),
        o.OUTPUT_TEXT,
        o.PROJECT_DIR,
        o.PROFILES_DIR,
        o.VARS,
        o.TARGET_PATH,
    ),
    (
        Argument(
            "column",
            "COLUMN",
            "model.column, or model, source.table, source.table.column, a unique id.",
            required=False,
        ),
    ),
    (
        "tidemill lineage orders.amount",
        "tidemill lineage raw.payments.amount --downstream --output json",
    ),
)
