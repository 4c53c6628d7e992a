"""How long nodes took when they last ran. Read from the file alone, without opening the store as a whole."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from tidemill.store.opening import store_path

_QUERY = """
select unique_id, seconds from node_states
where target = ? and seconds > 0 and status not in ('running', 'skipped', 'cancelled')
"""


def known_seconds(project_root: Path, target: str) -> dict[str, float]:
    """Seconds by unique id; empty where there is no history that can be read."""
    path = store_path(project_root)
    if not path.is_file():
        return {}
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
            return dict(connection.execute(_QUERY, (target,)).fetchall())
    except sqlite3.Error:
        return {}
