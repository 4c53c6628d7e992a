"""Set up what the Makefile's words need: uv, environments, Node, the web app, a browser.

Runs on nothing but Python 3.11 and its standard library. Every step looks first and does only what is
missing, so that a second call costs well under a second. It never writes outside the repository,
except that `chromium` asks apt for a browser where it may.

    python3 tools/bootstrap.py STEP...      steps: see STEPS at the end of this file
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UV_VERSION = "0.13.8"
UV_HOME = ROOT / ".venv-uv"
NODE_HOME = ROOT / ".venv-node"
PEER_HOME = ROOT / ".venv-dbt"
BRIDGE_HOME = ROOT / ".venv-bridge"
SPARK_HOME = ROOT / ".venv-spark"
SQLMESH_HOME = ROOT / ".venv-sqlmesh"
SQLMESH_PINS = ROOT / "benchmarks" / "sqlmesh.txt"
WEB = ROOT / "web"
STATIC = ROOT / "src" / "tidemill" / "server" / "static"
OLDEST_NODE = (20, 19)
BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


class SetupError(Exception):
    """A step that could not be done; its text says what to do about it."""


def say(text: str) -> None:
    """Tell the person at the terminal, at once, what takes the time."""
    print(f"setup: {text}", flush=True)


def run(
    command: Sequence[str | Path], *, cwd: Path = ROOT, env: Mapping[str, str] | None = None
) -> None:
    """Run `command` with its output shown; raise SetupError when it fails."""
    words = [str(word) for word in command]
    done = subprocess.run(words, cwd=cwd, env=dict(env) if env else None, check=False)
    if done.returncode:
        raise SetupError(f"`{' '.join(words)}` ended with exit code {done.returncode}; see above.")


def output_of(command: Sequence[str | Path]) -> str | None:
    """Return what `command` prints, or None when it cannot be run or fails."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def digest(paths: Iterable[Path]) -> str:
    """Return one hash over names and contents of the files among `paths`."""
    total = hashlib.sha256()
    for path in sorted(path for path in paths if path.is_file()):
        total.update(str(path.relative_to(ROOT)).encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def is_fresh(stamp: Path, value: str) -> bool:
    """Say whether the work recorded in `stamp` was done for `value`."""
    return stamp.is_file() and stamp.read_text() == value


# -- Python ------------------------------------------------------------------------------------


def uv() -> Path:
    """Return the pinned uv, installed into an environment of its own when it is missing."""
    program = UV_HOME / "bin" / "uv"
    version = output_of([program, "--version"]) or ""
    if version.split()[1:2] != [UV_VERSION]:
        say(f"uv {UV_VERSION} into {UV_HOME.name}")
        _make_pip_environment(UV_HOME)
        run([UV_HOME / "bin" / "python", "-m", "pip", "install", "--quiet", f"uv=={UV_VERSION}"])
    return program


def _make_pip_environment(home: Path) -> None:
    """Make an environment with pip in it; Debian keeps the parts for that in a package of its own."""
    make = [sys.executable, "-m", "venv", "--clear", str(home)]
    if output_of(make) is not None:
        return
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    if not apt_install(package) or output_of(make) is None:
        raise SetupError(f"`{' '.join(make)}` failed; on Debian or Ubuntu: apt install {package}")


def sync(*arguments: str, home: Path | None = None) -> None:
    """Bring one environment to what uv.lock says, without removing what other steps put there."""
    home = home or ROOT / ".venv"
    env = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    env["UV_PROJECT_ENVIRONMENT"] = str(home)
    chosen = [] if (home / "bin" / "python").exists() else ["--python", sys.executable]
    if chosen:
        say(f"packages into {home.name}")
    run([uv(), "sync", "--quiet", "--frozen", "--inexact", *arguments, *chosen], env=env)


def runtime() -> None:
    """Make `.venv` with Tidemill and what it needs to run."""
    sync("--no-default-groups")


def development() -> None:
    """Make `.venv` with Tidemill, its extras, and the tools for tests and checks."""
    sync()


def peer() -> None:
    """Make `.venv-dbt`: dbt-core and dbt-duckdb, which conformance and benchmarks compare with."""
    sync("--only-group", "peer", "--no-install-project", home=PEER_HOME)


def bridge() -> None:
    """Make `.venv-bridge`: Tidemill, its tools for tests, and plugins of dbt for the bridge to drive."""
    sync("--only-group", "bridge", home=BRIDGE_HOME)


def sqlmesh() -> None:
    """Make `.venv-sqlmesh`: SQLMesh, which benchmarks compare with. It wants another DuckDB than the others."""
    stamp = SQLMESH_HOME / "pins"
    if is_fresh(stamp, digest([SQLMESH_PINS])):
        return
    say(f"packages into {SQLMESH_HOME.name}")
    run([uv(), "venv", "--quiet", "--clear", "--python", sys.executable, SQLMESH_HOME])
    python = SQLMESH_HOME / "bin" / "python"
    run([uv(), "pip", "install", "--quiet", "--python", python, "--requirement", SQLMESH_PINS])
    stamp.write_text(digest([SQLMESH_PINS]))


def spark() -> None:
    """Make `.venv-spark`: Tidemill with dbt-spark and a Spark of its own, half a gigabyte. Spark runs on Java."""
    if not shutil.which("java"):
        raise SetupError("Spark needs Java 17 or newer, and there is no `java` here")
    sync("--only-group", "spark", home=SPARK_HOME)


# -- the web app -------------------------------------------------------------------------------


def node_environment() -> dict[str, str]:
    """Return an environment whose PATH has Node and npm, the machine's own or those from PyPI."""
    if _is_new_enough(output_of(["node", "--version"])) and shutil.which("npm"):
        return dict(os.environ)
    programs = NODE_HOME / "bin"
    if not (programs / "npm").exists():
        say("no Node 20.19 or newer here: taking the one from PyPI")
        sync("--only-group", "node", "--no-install-project", home=NODE_HOME)
    return {**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}


def _is_new_enough(version: str | None) -> bool:
    """Judge what `node --version` prints, such as `v20.19.1`."""
    if not version:
        return False
    major, minor = version.removeprefix("v").split(".")[:2]
    return (int(major), int(minor)) >= OLDEST_NODE


def web_packages() -> dict[str, str]:
    """Install the web app's packages when their lock changed; return the environment for npm."""
    env = node_environment()
    stamp = WEB / "node_modules" / ".tidemill-lock"
    wanted = digest([WEB / "package.json", WEB / "package-lock.json"])
    if not is_fresh(stamp, wanted):
        say("packages of the web app")
        run(["npm", "ci", "--no-fund", "--no-audit", "--loglevel=error"], cwd=WEB, env=env)
        stamp.write_text(wanted)
    return env


def web() -> None:
    """Build the web app into the server's static folder when its source changed."""
    stamp = WEB / "node_modules" / ".tidemill-built"
    wanted = digest(_web_sources())
    if is_fresh(stamp, wanted) and (STATIC / "index.html").is_file():
        return
    env = web_packages()
    say("building the web app")
    run(["npm", "run", "--silent", "build"], cwd=WEB, env=env)
    if not (STATIC / "index.html").is_file():
        raise SetupError(f"the web app's build left no index.html in {STATIC.relative_to(ROOT)}")
    stamp.write_text(wanted)


def _web_sources() -> Iterable[Path]:
    """Yield the files that decide what the built web app is."""
    yield from (path for path in WEB.iterdir() if path.is_file())
    for folder in ("src", "public"):
        yield from (WEB / folder).rglob("*")


def npm(*arguments: str) -> None:
    """Run npm in `web/`, with packages installed."""
    run(["npm", *arguments], cwd=WEB, env=web_packages())


# -- a browser ---------------------------------------------------------------------------------


def chromium() -> None:
    """Install Debian's Chromium where that is possible; the tests say what they missed elsewhere."""
    if os.environ.get("TIDEMILL_CHROMIUM") or any(shutil.which(name) for name in BROWSERS):
        return
    say("Chromium for the browser tests")
    if not apt_install("chromium"):
        say("Chromium could not be installed: the browser tests will say that they did not run")


def apt_install(package: str) -> bool:
    """Install a Debian package as root; False, with the reason said, where that cannot be."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        say(f"{package} is missing, and only root with apt-get can add it")
        return False
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        run(["apt-get", "update", "-qq"], env=env)
        run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", package], env=env)
    except SetupError as error:
        say(str(error))
        return False
    return True


STEPS: dict[str, Callable[[], None]] = {
    "runtime": runtime,
    "development": development,
    "peer": peer,
    "bridge": bridge,
    "spark": spark,
    "sqlmesh": sqlmesh,
    "web": web,
    "chromium": chromium,
}


def main(arguments: list[str]) -> int:
    """Do the steps named, or `npm` with the words after it; 0 when all is there."""
    unknown = [] if arguments[:1] == ["npm"] else [word for word in arguments if word not in STEPS]
    if unknown:
        print(f"setup: no step {unknown[0]}; there are {', '.join(STEPS)}, npm", file=sys.stderr)
        return 2
    try:
        if arguments[:1] == ["npm"]:
            npm(*arguments[1:])
        else:
            for name in arguments:
                STEPS[name]()
    except SetupError as error:
        print(f"setup: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
