"""Loads the source tables of a generated project: `python -m benchmarks.generator FOLDER SIZE SEED`.

A process of its own, so that each contender's database is written by the DuckDB that it will read it with.
"""

import sys
from pathlib import Path

from benchmarks.generator.project import load_sources
from benchmarks.generator.shape import make_shape

load_sources(Path(sys.argv[1]), make_shape(int(sys.argv[2]), int(sys.argv[3])))
