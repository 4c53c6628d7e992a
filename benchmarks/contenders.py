"""Who is measured: Tidemill and dbt-core, each in its own environment, with bytecode compiled on both sides."""

from __future__ import annotations

import json
import os
import subprocess
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Contender:
    """One tool: its program, and what its environment holds."""

    name: str
    home: Path
    """The environment it is installed in."""
    program: str

    takes_dbts_words: bool = True

    @property
    def is_there(self) -> bool:
        """Whether its environment was made."""
        return (self.home / "bin" / self.program).exists()

    @property
    def python(self) -> str:
        """The Python of its environment."""
        return str(self.home / "bin" / "python")

    def command(self, *words: str) -> list[str]:
        """Return the command line."""
        places = ("--profiles-dir", ".") if self.takes_dbts_words else ()
        return [str(self.home / "bin" / self.program), *words, *places]

    def versions(self) -> dict[str, str]:
        """Return the versions of the packages that matter, as the environment's Python sees them."""
        names = (
            "tidemill",
            "dbt-core",
            "dbt-duckdb",
            "dbt-adapters",
            "duckdb",
            "jinja2",
            "msgspec",
            "sqlmesh",
            "sqlglot",
        )
        script = (
            "import json, sys, importlib.metadata as m\n"
            "have = {d.name.lower(): d.version for d in m.distributions()}\n"
            "print(json.dumps({'python': sys.version.split()[0],"
            " **{n: have[n] for n in sys.argv[1:] if n in have}}))"
        )
        python = self.python
        done = subprocess.run(
            [python, "-c", script, *names], capture_output=True, text=True, check=True
        )
        versions: dict[str, str] = json.loads(done.stdout)
        return versions

    def compile_bytecode(self) -> None:
        """Compile every module: otherwise a start pays for it, and the installer decides who wins."""
        folders = [str(path) for path in self.home.glob("lib/python*/site-packages")]
        if self.program == "tidemill":
            folders.append(str(ROOT / "src"))
        python = self.python
        # Some packages carry templates that are no valid Python; the exit code says so, and no more.
        subprocess.run([python, "-m", "compileall", "-q", "-j", "0", *folders],
                       capture_output=True, check=False, env=clean_environment())  # fmt: skip


TIDEMILL = Contender("tidemill", ROOT / ".venv", "tidemill")
DBT = Contender("dbt-core", ROOT / ".venv-dbt", "dbt")
SQLMESH = Contender("sqlmesh", ROOT / ".venv-sqlmesh", "sqlmesh", takes_dbts_words=False)
CONTENDERS = (TIDEMILL, DBT, SQLMESH)


def clean_environment() -> dict[str, str]:
    """Return the environment for both: no settings of the user, no telemetry, bytecode in use."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("DBT_", "TIDEMILL_", "PYTHON", "VIRTUAL_ENV"))
    }
    return {
        **kept,
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "SQLMESH__DISABLE_ANONYMIZED_ANALYTICS": "1",
        "DO_NOT_TRACK": "1",
        "NO_COLOR": "1",
    }


def statuses(folder: Path) -> dict[str, int]:
    """Count the results of the last command by status, from `run_results.json`."""
    results = json.loads((folder / "target" / "run_results.json").read_text())["results"]
    return dict(sorted(Counter(result["status"] for result in results).items()))
