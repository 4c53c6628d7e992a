"""What dbt warns of in the command itself: old words, old variables, and variables in its own namespace."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tidemill.cli.arguments.settings import RENAMED_VARIABLES, variables_of
from tidemill.cli.arguments.verbs import VERBS
from tidemill.errors import Fault, facts

if TYPE_CHECKING:
    from tidemill.cli.arguments.parser import Words
    from tidemill.cli.arguments.settings import Settings

PREFIX = "DBT_ENGINE_"
"""The beginning of variables that are dbt's own."""

_MODEL_WORDS = ("--models", "--model", "-m")
_ERROR_WORDS = {"include": "error", "exclude": "warn"}
_OTHER_VARIABLES = (
    "DOWNLOAD_DIR",
    "EXCLUDE_RESOURCE_TYPES",
    "INVOCATION_ENV",
    "PACKAGE_HUB_URL",
    "PP_FILE_DIFF_TEST",
    "PP_TEST",
    "RECORDED_FILE_PATH",
    "RESOURCE_TYPES",
    "TEST_STATE_MODIFIED",
    "UPLOAD_TO_ARTIFACTS_INGEST_API",
)
"""dbt's variables that set no option here."""


def old_words(words: Words, settings: Settings, environment: Mapping[str, str]) -> Iterator[Fault]:
    """The warnings, in dbt's order."""
    for old, new in settings.renamed.items():
        yield _warning(
            "deprecated-variable-name",
            f"The environment variable `{old}` has been renamed as `{new}`",
            f"set `{new}` and unset `{old}`",
            old_name=old,
            new_name=new,
        )
    if any(word.partition("=")[0] in _MODEL_WORDS for word in words.written):
        yield _warning(
            "deprecated-model-words",
            "Usage of `--models`, `--model`, and `-m` is deprecated",
            "write `--select` or `-s`",
        )
    yield from _error_words(settings.get("warn_error_options"))
    yield from _foreign_variables(environment)


@contextmanager
def both_names(environment: MutableMapping[str, str]) -> Iterator[None]:
    """For a while, each of dbt's variables has its value under ``DBT_X`` and ``DBT_ENGINE_X`` (the stronger)."""
    added: dict[str, str | None] = {}
    for name in _known_variables():
        older = name.replace(PREFIX, "DBT_", 1)
        if not name.startswith(PREFIX) or (name not in environment and older not in environment):
            continue
        lead, follower = (name, older) if name in environment else (older, name)
        if environment.get(follower) != environment[lead]:
            added[follower] = environment.get(follower)
            environment[follower] = environment[lead]
    try:
        yield
    finally:
        for name, before in added.items():
            if before is None:
                environment.pop(name, None)
            else:
                environment[name] = before


def _error_words(options: Any) -> Iterator[Fault]:
    found = {old: new for old, new in _ERROR_WORDS.items() if old in (options or {})}
    if found:
        old_words = " and ".join(f"`{old}`" for old in found)
        new_words = " and ".join(f"`{new}`" for new in found.values())
        yield _warning(
            "deprecated-error-words",
            f"Found {old_words} in `warn_error_options`",
            f"write {new_words}",
        )


def _foreign_variables(environment: Mapping[str, str]) -> Iterator[Fault]:
    known = _known_variables() if any(name.startswith(PREFIX) for name in environment) else set()
    for name in environment:
        if name.startswith(PREFIX) and name not in known:
            yield _warning(
                "deprecated-variable-prefix",
                f"Found custom environment variable `{name}`: names that begin with `{PREFIX}` are "
                "kept for dbt's own",
                "give it another name",
                env_var=name,
                reserved_prefix=PREFIX,
            )


def _known_variables() -> set[str]:
    options = (option for verb in VERBS for option in verb.all_options)
    own = {name for option in options for name in variables_of(option)}
    old = {name.replace("DBT_", PREFIX, 1) for name in RENAMED_VARIABLES.values()}
    return own | old | {PREFIX + name for name in _OTHER_VARIABLES}


def _warning(code: str, message: str, hint: str, **known: str) -> Fault:
    return Fault(code=code, label="Warning", message=message, hint=hint, facts=facts(**known))
