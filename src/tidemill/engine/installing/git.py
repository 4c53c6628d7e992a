"""Git as a program: a shallow copy of one revision of a repository."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from tidemill.engine.installing.secrets import shown
from tidemill.errors import DependencyError

HEAD = "HEAD"
_COMMIT = re.compile(r"[0-9a-f]{40}")
_QUIET = {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0"}


def check_out(url: str, revision: str, folder: Path, *, subdirectory: str | None = None) -> Path:
    """Put ``revision`` (a tag, a branch, a full commit, or HEAD) of the repository into ``folder``.

    Returns the package's folder: ``subdirectory`` of it where one is given. A folder that holds the
    repository already is brought to the revision. Raises DependencyError.
    """
    _refuse_options(url, revision, subdirectory or "")
    if not (folder / ".git").is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        sparse = ["--filter=blob:none", "--sparse"] if subdirectory else []
        _git(folder.parent, "clone", "--depth", "1", *sparse, "--", url, folder.name, url=url)
        if subdirectory:
            _git(folder, "sparse-checkout", "set", subdirectory, url=url)
    if revision != HEAD:
        _fetch(folder, url, revision)
        _git(folder, "reset", "--hard", "FETCH_HEAD", url=url)
    package = folder / (subdirectory or "")
    if not package.is_dir():
        raise DependencyError(
            f"the repository {shown(url)} has no folder '{subdirectory}' at {revision}",
            code="git",
            hint="check 'subdirectory'",
        )
    return package


def commit_of(folder: Path) -> str:
    """The full commit that is checked out in ``folder``."""
    return _git(folder, "rev-parse", HEAD, url="").strip()


def _fetch(folder: Path, url: str, revision: str) -> None:
    """Tags before branches, as in dbt; a commit by its own name."""
    if _COMMIT.fullmatch(revision):
        _git(folder, "fetch", "--depth", "1", "origin", revision, url=url, revision=revision)
        return
    tag = f"refs/tags/{revision}"
    if _git(folder, "ls-remote", "origin", tag, url=url).strip():
        _git(folder, "fetch", "--depth", "1", "origin", tag, url=url, revision=revision)
        return
    _git(folder, "fetch", "--depth", "1", "origin", revision, url=url, revision=revision)


def _refuse_options(*words: str) -> None:
    """What begins with a dash would be an option to git."""
    for word in words:
        if word.startswith("-"):
            raise DependencyError(f"'{shown(word)}' cannot be an address or a revision", code="git")


def _git(folder: Path, *words: str, url: str, revision: str | None = None) -> str:
    try:
        done = subprocess.run(
            ["git", *words],
            cwd=folder,
            env={**os.environ, **_QUIET},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        raise DependencyError(
            "git is not installed, and a package is in a Git repository",
            code="git-missing",
            hint="install git",
        ) from None
    if done.returncode:
        raise _failed(done.stderr, url, revision)
    return done.stdout


def _failed(stderr: str, url: str, revision: str | None) -> DependencyError:
    said = shown(stderr.partition("\nusage: git")[0].strip())
    what = f"the repository {shown(url)} cannot be fetched"
    if revision:
        what = f"Error checking out spec='{revision}' for repo {shown(url)}"
    return DependencyError(
        f"{what}: git says\n{said}",
        code="git",
        hint="check the revision: a tag, a branch or a full commit of 40 characters"
        if revision
        else "check the address, and that this machine may read it",
    )
