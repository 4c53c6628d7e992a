"""``deps`` from hub, Git, archive and folder: the lock file, what is installed, and the words of faults.

Hash and lock file were compared with dbt-core 1.11.16 on the same packages: they are equal byte for byte.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.installing.package_host import PackageHost, archive, commit, git, serving
from tidemill.commands.deps import DepsOptions, deps
from tidemill.commands.opening import Opening, open_project
from tidemill.engine.installing.http import Http
from tidemill.errors import TidemillError, UsageError


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Iterator[PackageHost]:
    with serving() as host:
        monkeypatch.setenv("DBT_PACKAGE_HUB_URL", host.url)
        monkeypatch.setattr("tidemill.commands.deps.Http", lambda: Http(pause=0.01, timeout=5))
        yield host


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    root = tmp_path / "shop"
    root.mkdir()
    (root / "dbt_project.yml").write_text("name: shop\nprofile: shop\n")
    return root


def _run(root: Path, packages: str | None = None, **options: object) -> list[str]:
    if packages is not None:
        (root / "packages.yml").write_text(packages)
    opening = Opening(require_profile=False, require_packages=False)
    with open_project(root, opening) as project:
        wanted = DepsOptions(**options)  # type: ignore[arg-type]
        return [m.text for m in deps(project, wanted) if m.level != "debug"]


def _fault(root: Path, packages: str, **options: object) -> str:
    with pytest.raises(TidemillError) as caught:
        _run(root, packages, **options)
    return str(caught.value)


def _installed(root: Path) -> list[str]:
    return sorted(path.name for path in (root / "dbt_packages").iterdir())


def _lock(root: Path) -> str:
    return (root / "package-lock.yml").read_text()


# -- hub -----------------------------------------------------------------------------------------


def test_the_newest_version_that_fits_with_all_it_asks_for(host: PackageHost, shop: Path) -> None:
    base = [{"package": "acme/base", "version": [">=0.1.0", "<0.9.0"]}]
    for version in ("1.0.0", "1.1.0", "1.2.0-rc1", "2.0.0"):
        host.add_package("acme/tools", version, packages=base)
    for version in ("0.1.0", "0.8.0", "0.9.0"):
        host.add_package("acme/base", version)
    host.add_package("acme/base", "0.8.5", require_dbt_version=[">=9.0.0"])

    said = _run(shop, "packages:\n  - package: acme/tools\n    version: ['>=1.0.0', '<2.0.0']\n")

    assert said == [
        f"Updating lock file in file path: {shop}/package-lock.yml",
        "Installing acme/tools",
        "Installed from version 1.1.0",
        "Updated version available: 2.0.0",
        "Installing acme/base",
        "Installed from version 0.8.0",
        "Updated version available: 0.9.0",
        "",
        (
            "Updates available for packages: ['acme/tools', 'acme/base']\n"
            "Update your versions in packages.yml, then run deps"
        ),
    ]
    assert _lock(shop) == (
        "packages:\n"
        "  - name: tools\n    package: acme/tools\n    version: 1.1.0\n"
        "  - name: base\n    package: acme/base\n    version: 0.8.0\n"
        "sha1_hash: 10e9024ad59f10075eedabafce8d7ca4eb872bbf\n"
    )
    assert (
        (shop / "dbt_packages/tools/models/tools_model.sql").read_text().startswith("select '1.1.0")
    )


def test_the_lock_file_decides_until_the_wishes_change(host: PackageHost, shop: Path) -> None:
    wish = "packages:\n  - package: acme/tools\n    version: '>=1.0.0'\n"
    host.add_package("acme/tools", "1.0.0")
    _run(shop, wish)
    host.add_package("acme/tools", "1.5.0")

    assert "Installed from version 1.0.0" in _run(shop)
    assert "Installed from version 1.5.0" in _run(shop, upgrade=True)
    _run(shop, wish.replace(">=1.0.0", "=1.0.0"))
    assert "version: 1.0.0" in _lock(shop)


def test_lock_alone_installs_nothing(host: PackageHost, shop: Path) -> None:
    host.add_package("acme/tools", "1.0.0")
    _run(shop, "packages:\n  - package: acme/tools\n    version: 1.0.0\n", lock=True)
    assert (shop / "package-lock.yml").is_file()
    assert not (shop / "dbt_packages").exists()


def test_prereleases_when_asked_for(host: PackageHost, shop: Path) -> None:
    host.add_package("acme/tools", "1.0.0")
    host.add_package("acme/tools", "1.1.0-rc.2")
    host.add_package("acme/tools", "1.1.0-rc.10")
    entry = "packages:\n  - package: acme/tools\n    version: '>=1.0.0'\n"
    assert "Installed from version 1.0.0" in _run(shop, entry)
    assert "Installed from version 1.1.0-rc.10" in _run(
        shop, entry + "    install_prerelease: true\n"
    )


def test_wishes_that_cannot_be_met_together(host: PackageHost, shop: Path) -> None:
    host.add_package("acme/base", "1.0.0")
    host.add_package("acme/base", "2.0.0")
    host.add_package(
        "acme/tools", "1.0.0", packages=[{"package": "acme/base", "version": "<2.0.0"}]
    )
    fault = _fault(
        shop,
        "packages:\n  - package: acme/tools\n    version: 1.0.0\n"
        "  - package: acme/base\n    version: '>=2.0.0'\n",
    )
    assert fault == (
        "Dependency Error\n"
        "  no version of 'acme/base' meets >=2.0.0, <2.0.0"
        " (versions that fit dbt 1.11.16: 1.0.0, 2.0.0)\n"
        "  Hint: --no-version-check counts versions for other dbt versions as well"
    )


def test_an_unknown_package_is_named_with_the_nearest(host: PackageHost, shop: Path) -> None:
    host.add_package("acme/tools", "1.0.0")
    fault = _fault(shop, "packages:\n  - package: acme/tool\n    version: 1.0.0\n")
    assert "'acme/tool' was not found in the package index" in fault
    assert "did you mean 'acme/tools'?" in fault


def test_a_hub_that_stumbles_is_asked_again(host: PackageHost, shop: Path) -> None:
    host.add_package("acme/tools", "1.0.0")
    host.failures = [503, 500]
    _run(shop, "packages:\n  - package: acme/tools\n    version: 1.0.0\n")
    assert host.requests.count("api/v1/index.json") == 3
    assert _installed(shop) == ["tools"]


def test_a_moved_package_is_told(host: PackageHost, shop: Path) -> None:
    host.add_package("acme/tools", "1.0.0")
    page = host.files["api/v1/acme/tools.json"]
    host.files["api/v1/acme/tools.json"] = page[:-1] + b', "redirectnamespace": "apex"}'
    said = _run(shop, "packages:\n  - package: acme/tools\n    version: 1.0.0\n")
    assert (
        "The `acme/tools` package is deprecated in favor of `apex/tools`. Ask for that one in "
        "packages.yml" in said
    )


# -- Git -----------------------------------------------------------------------------------------


def test_tag_branch_commit_and_subdirectory(shop: Path, tmp_path: Path) -> None:
    repository = tmp_path / "repository"
    inner = {"inner/dbt_project.yml": "name: inner_one\n", "inner/models/i.sql": "select 1"}
    first = commit(
        repository,
        {"dbt_project.yml": "name: gitty\n", "models/g.sql": "select 1", **inner},
        tag="v1.0",
    )
    second = commit(repository, {"models/g.sql": "select 2"})
    git(repository, "branch", "side")
    for revision, wanted, sql in (("v1.0", first, "1"), ("side", second, "2"), (first, first, "1")):
        _run(shop, f"packages:\n  - git: file://{repository}\n    revision: '{revision}'\n")
        assert f"revision: {wanted}\n" in _lock(shop)
        assert (shop / "dbt_packages/gitty/models/g.sql").read_text() == f"select {sql}"

    said = _run(
        shop,
        f"packages:\n  - git: file://{repository}\n    subdirectory: inner\n    revision: side\n",
    )
    assert _installed(shop) == ["inner_one"]
    assert said[-1] == "and subdirectory inner"


@pytest.mark.parametrize(
    ("revision", "warned"),
    [("", True), ("    revision: main\n", True), ("    warn-unpinned: false\n", False)],
)
def test_a_package_that_is_not_pinned(
    shop: Path, tmp_path: Path, revision: str, warned: bool
) -> None:
    commit(tmp_path / "repository", {"dbt_project.yml": "name: gitty\n"})
    said = _run(shop, f"packages:\n  - git: file://{tmp_path}/repository\n{revision}")
    assert any("can change without warning" in line for line in said) is warned


def test_what_git_says_is_told_without_secrets(
    shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBT_ENV_SECRET_PLACE", "hush")
    commit(tmp_path / "hush", {"dbt_project.yml": "name: gitty\n"})
    address = f"file://{tmp_path}/{{{{ env_var('DBT_ENV_SECRET_PLACE') }}}}"
    _run(shop, f'packages:\n  - git: "{address}"\n    warn-unpinned: false\n')
    assert "hush" not in _lock(shop)
    assert "env_var('DBT_ENV_SECRET_PLACE')" in _lock(shop)
    fault = _fault(shop, f'packages:\n  - git: "{address}"\n    revision: none\n')
    assert "Error checking out spec='none' for repo" in fault
    assert "hush" not in fault
    assert "*****" in fault


def test_two_revisions_of_one_repository(shop: Path) -> None:
    fault = _fault(
        shop,
        "packages:\n  - git: https://example.com/a.git\n    revision: '1'\n"
        "  - git: https://example.com/a\n    revision: '2'\n",
    )
    assert "https://example.com/a.git is asked for at several revisions: 1, 2" in fault


# -- archives and folders --------------------------------------------------------------------------


def test_an_archive_from_any_host(host: PackageHost, shop: Path) -> None:
    host.files["one.tar.gz"] = archive(
        "one-1.0", {"dbt_project.yml": "name: one\n", "models/m.sql": "select 1"}
    )
    _run(shop, f"packages:\n  - tarball: {host.url}one.tar.gz\n    name: uno\n")
    assert (shop / "dbt_packages/uno/models/m.sql").is_file()
    assert f"  - name: uno\n    tarball: {host.url}one.tar.gz\n" in _lock(shop)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"not an archive", "is no archive that can be unpacked"),
        (archive("..", {"evil.sql": ""}), "would write outside its folder"),
        (archive("a/../..", {"evil.sql": ""}), "would write outside its folder"),
        (None, "cannot be fetched: 404"),
    ],
    ids=["no-archive", "outside", "outside-in-steps", "missing"],  # archives hold times: no ids
)
def test_archives_that_are_refused(
    host: PackageHost, shop: Path, content: bytes | None, words: str
) -> None:
    if content is not None:
        host.files["one.tar.gz"] = content
    fault = _fault(shop, f"packages:\n  - tarball: {host.url}one.tar.gz\n    name: one\n")
    assert words in fault
    assert not (shop / "dbt_packages").exists()


def test_folders_with_what_they_ask_for(shop: Path) -> None:
    for name, packages in (("pk1", "packages: [{local: ../pk2}]"), ("pk2", "")):
        (shop.parent / name).mkdir()
        (shop.parent / name / "dbt_project.yml").write_text(f"name: {name}\n")
        (shop.parent / name / "packages.yml").write_text(packages)
    _run(shop, "packages:\n  - local: ../pk1\n")
    assert _installed(shop) == ["pk1", "pk2"]
    assert (shop / "dbt_packages/pk1").is_symlink()
    assert _lock(shop) == (
        "packages:\n  - local: ../pk1\n    name: pk1\n  - local: ../pk2\n    name: pk2\n"
        "sha1_hash: 53744469b4f99ef411e5388ced1e40795be1fc68\n"
    )
    (shop.parent / "pk2/dbt_project.yml").write_text("name: shop\n")
    assert "has the name of the root project, 'shop'" in _fault(shop, "packages: [{local: ../pk2}]")
    assert "does not exist" in _fault(shop, "packages: [{local: ../pk3}]")
    shutil.rmtree(shop.parent / "pk1")


def test_nothing_to_install(shop: Path) -> None:
    assert _run(shop) == ["Warning: No packages were found in packages.yml"] * 2


# -- adding --------------------------------------------------------------------------------------


def test_adding_keeps_what_people_wrote(shop: Path) -> None:
    written = (
        "# our packages\npackages:\n  - git: https://example.com/dbt-tools.git  # old\n"
        "    revision: '1'\n  # kept\n  - local: ../pk1\n\n# the end\n"
    )
    (shop.parent / "pk1").mkdir()
    (shop.parent / "pk1/dbt_project.yml").write_text("name: pk1\n")
    with pytest.raises(TidemillError):
        # The file is changed before the hub is asked, as with dbt.
        _run(shop, written, add_package="acme/dbt_tools@>=1.0.0,<2.0.0", source="hub", lock=True)
    assert (shop / "packages.yml").read_text() == (
        "# our packages\npackages:\n  # kept\n  - local: ../pk1\n"
        "  - package: acme/dbt_tools\n    version:\n    - '>=1.0.0'\n    - <2.0.0\n\n# the end\n"
    )


def test_the_first_package_makes_the_file(host: PackageHost, shop: Path) -> None:
    host.add_package("acme/tools", "1.0.0")
    said = _run(shop, add_package="acme/tools@1.0.0")
    assert said[:2] == [
        "Created packages.yml",
        f"Added new package acme/tools@1.0.0 to {shop}/packages.yml",
    ]
    assert (shop / "packages.yml").read_text() == (
        "packages:\n  - package: acme/tools\n    version: 1.0.0\n"
    )
    assert _installed(shop) == ["tools"]


def test_a_package_to_add_needs_a_version(shop: Path) -> None:
    with pytest.raises(UsageError, match="acme/tools has no version"):
        _run(shop, add_package="acme/tools")
