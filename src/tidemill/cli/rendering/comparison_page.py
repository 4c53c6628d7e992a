"""The page of ``conform``: Markdown that reads well in a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from tidemill.cli.rendering.phrases import plural
from tidemill.commands.conform import Comparison, Part


def page(compared: Comparison, *, most: int | None = None) -> list[str]:
    """The lines of the page; of each part at most ``most`` differences."""
    lines = [
        f"# {compared.project}: Tidemill beside dbt-core {compared.dbt_version}",
        "",
        _verdict(compared),
        "",
        *_table(compared),
    ]
    for part in compared.parts:
        lines += _differences(part, most)
    lines += ["", "## Not supported", ""]
    lines += [f"- {text}" for text in compared.not_supported] or ["Nothing was found."]
    if compared.failure:
        lines += ["", "## What went wrong", "", *compared.failure.splitlines()]
    return lines


def _verdict(compared: Comparison) -> str:
    if compared.failure:
        return "The comparison could not be finished."
    if compared.is_equal:
        return "Everything that was compared is equal."
    count = sum(len(part.differences) for part in compared.parts)
    return f"{plural(count, 'difference')}." if count else "The exit codes differ."


def _table(compared: Comparison) -> Iterator[str]:
    yield "| | compared | differ |"
    yield "| --- | ---: | ---: |"
    for part in compared.parts:
        differ = part.note or str(len(part.differences))
        yield f"| {part.name} | {part.compared} | {differ} |"
    yield ""
    took = {tool: f"{seconds:.1f} s" for tool, seconds in compared.seconds.items()}
    yield (
        f"`dbt {compared.command}` took {took['dbt']} and ended with {compared.codes['dbt']}; "
        f"`tidemill {compared.command}` took {took['tidemill']} and ended with "
        f"{compared.codes['tidemill']}."
    )


def _differences(part: Part, most: int | None) -> list[str]:
    if not part.differences:
        return []
    shown = part.differences if most is None else part.differences[:most]
    left = len(part.differences) - len(shown)
    more = [f"- and {left} more; --output FILE writes all of them"] if left else []
    return ["", f"## What differs: {part.name}", "", *(f"- {line}" for line in shown), *more]
