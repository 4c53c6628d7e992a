"""The options of dbt 1.11's commands, as its own command line declares them (``dbt COMMAND --help``)."""

from __future__ import annotations

GLOBAL = [
    "--cache-selected-only",
    "--no-cache-selected-only",
    "--debug",
    "-d",
    "--no-debug",
    "--defer",
    "--no-defer",
    "--defer-state",
    "--fail-fast",
    "-x",
    "--no-fail-fast",
    "--favor-state",
    "--no-favor-state",
    "--indirect-selection",
    "--log-cache-events",
    "--no-log-cache-events",
    "--log-file-max-bytes",
    "--log-format",
    "--log-format-file",
    "--log-level",
    "--log-level-file",
    "--log-path",
    "--macro-debugging",
    "--no-macro-debugging",
    "--partial-parse",
    "--no-partial-parse",
    "--partial-parse-file-path",
    "--partial-parse-file-diff",
    "--no-partial-parse-file-diff",
    "--populate-cache",
    "--no-populate-cache",
    "--print",
    "--no-print",
    "--printer-width",
    "--profile",
    "--quiet",
    "-q",
    "--no-quiet",
    "--record-timing-info",
    "-r",
    "--send-anonymous-usage-stats",
    "--no-send-anonymous-usage-stats",
    "--single-threaded",
    "--no-single-threaded",
    "--show-all-deprecations",
    "--no-show-all-deprecations",
    "--state",
    "--static-parser",
    "--no-static-parser",
    "--target",
    "-t",
    "--use-colors",
    "--no-use-colors",
    "--use-colors-file",
    "--no-use-colors-file",
    "--use-experimental-parser",
    "--no-use-experimental-parser",
    "--version",
    "-V",
    "-v",
    "--version-check",
    "--no-version-check",
    "--warn-error",
    "--warn-error-options",
    "--write-json",
    "--no-write-json",
    "--use-fast-test-edges",
    "--no-use-fast-test-edges",
    "--upload-to-artifacts-ingest-api",
    "--no-upload-to-artifacts-ingest-api",
]

_PLACE = ["--profiles-dir", "--project-dir", "--vars"]
_TARGET = [*_PLACE, "--target-path"]
_RUN = [*_TARGET, "--threads"]
_SELECT = ["--exclude", "-s", "--select", "-m", "--models", "--model", "--selector"]
_TYPES = [
    "--resource-type",
    "--resource-types",
    "--exclude-resource-type",
    "--exclude-resource-types",
]
_TIMES = ["--event-time-start", "--event-time-end", "--sample"]
_EMPTY = ["--empty", "--no-empty"]
_REFRESH = ["--full-refresh", "-f"]

BY_COMMAND: dict[str, list[str]] = {
    "build": [
        *_RUN, *_SELECT, *_TYPES, *_TIMES, *_EMPTY, *_REFRESH,
        "--show", "--store-failures", "--sqlparse",
    ],
    "clean": [*_TARGET, "--clean-project-files-only", "--no-clean-project-files-only"],
    "compile": [
        *_RUN, *_SELECT, *_EMPTY, *_REFRESH, "--output", "--introspect", "--no-introspect", "--inline",
        "--inject-ephemeral-ctes", "--no-inject-ephemeral-ctes", "--sqlparse",
    ],
    "show": [
        *_RUN, *_SELECT, *_REFRESH, "--output", "--limit", "--introspect", "--no-introspect",
        "--inline", "--inline-direct", "--sqlparse",
    ],
    "debug": [*_PLACE, "--connection", "--config-dir"],
    "init": [*_PLACE, "--skip-profile-setup", "-s"],
    "ls": [*_TARGET, *_SELECT, *_TYPES, "--output", "--output-keys"],
    "list": [*_TARGET, *_SELECT, *_TYPES, "--output", "--output-keys"],
    "parse": [*_RUN],
    "run": [*_RUN, *_SELECT, *_TIMES, *_EMPTY, *_REFRESH, "--sqlparse"],
    "run-operation": [*_RUN, "--args"],
    "seed": [*_RUN, *_SELECT, *_REFRESH, "--show", "--sqlparse"],
    "test": [*_RUN, *_SELECT, *_TYPES, "--store-failures", "--sqlparse"],
}  # fmt: skip

COMMANDS = {*BY_COMMAND, "clone", "deps", "docs", "retry", "snapshot", "source"}
