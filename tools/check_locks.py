"""Check that the lock files name only public registries: no mirror, no path of a machine.

A lock written where a private index or a folder of wheels is configured would send everyone else there.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON_HOSTS = frozenset({"pypi.org", "files.pythonhosted.org"})
_HOST = re.compile(r"\b[a-z][a-z0-9+.-]*://([^/\"'\s]+)")


def odd_hosts(path: Path, allowed: frozenset[str]) -> Iterator[str]:
    """Yield one line of text for each address in `path` whose host is not among `allowed`."""
    for number, line in enumerate(path.read_text().splitlines(), start=1):
        for host in _HOST.findall(line):
            if host not in allowed:
                yield f"{path.relative_to(ROOT)}:{number}: {host} is not a public registry"


def odd_sources(path: Path) -> Iterator[str]:
    """Yield one line of text for each package that uv.lock takes from anywhere but the registry."""
    for package in tomllib.loads(path.read_text())["package"]:
        source = package["source"]
        if source not in ({"registry": "https://pypi.org/simple"}, {"editable": "."}):
            yield f"{path.relative_to(ROOT)}: {package['name']} comes from {source}"


def package_addresses(path: Path) -> Iterator[str]:
    """Yield one line of text for each package in package-lock.json that has an odd address."""
    for line in path.read_text().splitlines():
        address = re.search(r'"resolved": "([^"]+)"', line)
        if address and not address[1].startswith("https://registry.npmjs.org/"):
            yield f"{path.relative_to(ROOT)}: {address[1]} is not in the public registry"


def main() -> int:
    """Print every odd place; 1 when there is one."""
    lock, package_lock = ROOT / "uv.lock", ROOT / "web" / "package-lock.json"
    found = [
        *odd_hosts(lock, PYTHON_HOSTS),
        *odd_sources(lock),
        *package_addresses(package_lock),
    ]
    for line in found:
        print(line, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
