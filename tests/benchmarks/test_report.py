"""The table lines up, and ratios are medians over pairs."""

from __future__ import annotations

from pathlib import Path

from benchmarks.comparison import Row
from benchmarks.contenders import Contender
from benchmarks.measure import Cost
from benchmarks.report import heading, line

OURS = Contender("tidemill", Path("a"), "tidemill")
PEER = Contender("dbt-core", Path("b"), "dbt")
ROW = Row(
    size=100,
    operation="parse, nothing changed",
    costs={
        "tidemill": (Cost(1.0, 0.5, 80), Cost(2.0, 0.5, 82), Cost(1.5, 0.4, 81)),
        "dbt-core": (Cost(4.0, 5.0, 160), Cost(4.0, 2.0, 164), Cost(3.0, 2.0, 162)),
    },
    results=None,
)


TABLE = """\
 models operation                                 tidemill                 dbt-core               times less
                                    wall s   CPU s      MB   wall s   CPU s      MB   wall s   CPU s      MB
    100 parse, nothing changed        1.50    0.50      81     4.00    2.00     162     2.0x    5.0x    2.0x"""


def test_figures_stand_below_their_headings() -> None:
    assert f"{heading([OURS, PEER])}\n{line(ROW, [OURS, PEER])}" == TABLE


def test_one_contender_has_no_ratios() -> None:
    assert line(ROW, [PEER]) == ("    100 parse, nothing changed        4.00    2.00     162")


def test_ratios_are_taken_pair_by_pair() -> None:
    assert ROW.ratios("tidemill", "dbt-core") == Cost(wall=2.0, cpu=5.0, rss=2.0)
