"""Each case in ``cases``: what is read out of a query is what stands beside it.

``python -m tests.engine.lineage.test_cases`` writes the answers anew, to be read before they are committed.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.lineage.reading_cases import CASES, read_case, summary_of, text_of


@pytest.mark.parametrize("path", sorted(CASES.glob("*.sql")), ids=lambda path: path.stem)
def test_lineage_of_case(path: Path) -> None:
    expected = path.with_suffix(".lineage").read_text(encoding="utf-8")

    assert text_of(summary_of(read_case(path))) == expected


if __name__ == "__main__":
    for file in CASES.glob("*.sql"):
        answer = text_of(summary_of(read_case(file)))
        file.with_suffix(".lineage").write_text(answer, encoding="utf-8")
