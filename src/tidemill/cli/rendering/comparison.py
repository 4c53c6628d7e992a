"""What ``demo`` says of its build: seconds and rows per second, beside DuckDB alone."""

from __future__ import annotations

from tidemill.commands.demo import Measured


def comparison(measured: Measured) -> str:
    """A small table, and one sentence on what it says."""
    rows = [
        ("", "seconds", "simulated rows", "rows per second"),
        _row("tidemill build", measured.build_seconds, measured.rows, measured.build_rate),
        _row("DuckDB alone", measured.alone_seconds, measured.rows, measured.alone_rate),
    ]
    lines = [f"  {a:<16}{b:>9}{c:>18}{d:>19}" for a, b, c, d in rows]
    ratio = measured.build_seconds / measured.alone_seconds
    end = (
        f"  The same SQL, one statement after the other in one DuckDB connection: the build of "
        f"{measured.nodes} nodes took {ratio:.2f} times as long."
    )
    return "\n".join([*lines, end])


def _row(name: str, seconds: float, rows: int, rate: float) -> tuple[str, str, str, str]:
    return name, f"{seconds:.2f}", f"{rows:,}", f"{rate:,.0f}"
