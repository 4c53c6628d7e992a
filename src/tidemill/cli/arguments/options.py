"""Options that several verbs share, each declared once."""

from __future__ import annotations

from tidemill.cli.arguments.option import Option, switch

RESOURCE_TYPES = (
    "analysis",
    "exposure",
    "function",
    "metric",
    "model",
    "saved_query",
    "seed",
    "semantic_model",
    "snapshot",
    "source",
    "test",
    "unit_test",
    "default",
)

SELECT_HELP = (
    "What to work on: names, paths, tag:, config., source: and the other methods, with + for "
    "ancestors and descendants. Several words are a union, a comma is an intersection."
)

PROJECT_DIR = Option(
    "project_dir",
    ("--project-dir",),
    "path",
    "The folder of dbt_project.yml. Without it: this folder or the nearest above it that has one.",
    "Project",
    metavar="FOLDER",
    variable=True,
)
PROFILES_DIR = Option(
    "profiles_dir",
    ("--profiles-dir",),
    "path",
    "The folder of profiles.yml. Without it: this folder, then ~/.dbt.",
    "Project",
    metavar="FOLDER",
    variable=True,
)
VARS = Option(
    "vars",
    ("--vars",),
    "yaml",
    "Values for vars, as YAML: '{start: 2024-01-01}'. They win over those in dbt_project.yml.",
    "Project",
    metavar="YAML",
)
TARGET_PATH = Option(
    "target_path",
    ("--target-path",),
    "path",
    "The folder of artifacts, instead of target.",
    "Output",
    metavar="FOLDER",
    variable=True,
)
THREADS = Option(
    "threads",
    ("--threads",),
    "integer",
    "How many nodes run at once, instead of the profile's.",
    "Run",
    metavar="COUNT",
)
SELECT = Option(
    "select",
    ("-s", "--select", "-m", "--models", "--model"),
    "many",
    SELECT_HELP,
    "Selection",
    metavar="SELECTOR",
)
EXCLUDE = Option(
    "exclude",
    ("--exclude",),
    "many",
    "What to leave out, in the same words as --select.",
    "Selection",
    metavar="SELECTOR",
)
SELECTOR = Option(
    "selector",
    ("--selector",),
    "text",
    "A selector from selectors.yml.",
    "Selection",
    metavar="NAME",
)
RESOURCE_TYPE = Option(
    "resource_types",
    ("--resource-type", "--resource-types"),
    "many",
    "Only resources of these types.",
    "Selection",
    metavar="TYPE",
    choices=(*RESOURCE_TYPES, "all"),
    variable=True,
)
EXCLUDE_RESOURCE_TYPE = Option(
    "exclude_resource_types",
    ("--exclude-resource-type", "--exclude-resource-types"),
    "many",
    "No resources of these types.",
    "Selection",
    metavar="TYPE",
    choices=RESOURCE_TYPES,
    variable=True,
)
FULL_REFRESH = Option(
    "full_refresh",
    ("-f", "--full-refresh"),
    "flag",
    "Rebuild incremental models and seeds from nothing.",
    "Run",
    default=False,
    variable=True,
)
STORE_FAILURES = Option(
    "store_failures",
    ("--store-failures",),
    "flag",
    "Keep the rows that fail tests in tables.",
    "Run",
    default=False,
    variable=True,
)
EMPTY = switch("empty", "Build with no rows: a dry run of all the SQL.", "Run")
SHOW = Option(
    "show",
    ("--show",),
    "flag",
    "Print a sample of the rows that seeds loaded.",
    "Output",
    default=False,
)
LIMIT = Option(
    "limit",
    ("--limit",),
    "integer",
    "How many rows to show; -1 for all.",
    "Output",
    default=5,
    metavar="ROWS",
)
INLINE = Option(
    "inline",
    ("--inline",),
    "text",
    "A query to use instead of a model, with Jinja.",
    "Selection",
    metavar="SQL",
)
INTROSPECT = switch(
    "introspect",
    "Let compiling ask the database.",
    "Run",
    default=True,
)
OUTPUT_TEXT = Option(
    "output",
    ("--output",),
    "choice",
    "Text for people or JSON for programs.",
    "Output",
    default="text",
    choices=("json", "text"),
)
PERIODS: tuple[Option, ...] = (
    Option(
        "event_time_start",
        ("--event-time-start",),
        "text",
        "First moment of microbatches.",
        "Run",
        metavar="TIME",
        variable=True,
    ),
    Option(
        "event_time_end",
        ("--event-time-end",),
        "text",
        "Moment after the last microbatch.",
        "Run",
        metavar="TIME",
        variable=True,
    ),
    Option(
        "sample",
        ("--sample",),
        "text",
        "Read only a window of time from every input.",
        "Run",
        metavar="WINDOW",
        variable=True,
    ),
)
SQLPARSE = Option(
    "sqlparse",
    ("--sqlparse",),
    "yaml",
    "Accepted for dbt's sake; without effect.",
    hidden=True,
)
