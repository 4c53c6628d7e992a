"""Loading a project with its profile and packages: values, precedence, and the words of faults."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tidemill.engine.project.config import RuntimeConfig
from tidemill.engine.project.loading import load_runtime, vars_for
from tidemill.engine.project.target_names import target_names
from tidemill.errors import Fault, Place, TidemillError

PROJECT = "name: shop\nprofile: shop\n"
PROFILES = """
shop:
  target: dev
  outputs:
    dev: {type: duckdb, path: shop.duckdb}
    prod: {type: duckdb, path: prod.duckdb, schema: live, threads: 8}
other: {outputs: {dev: {type: duckdb}}}
"""

Write = Callable[[dict[str, str]], Path]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Writes a project over the smallest one; the current folder and home hold no profiles."""
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path / "home")

    def write(files: dict[str, str]) -> Path:
        root = tmp_path / "shop"
        for name, text in {"dbt_project.yml": PROJECT, "profiles.yml": PROFILES, **files}.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return root

    return write


def _faults(root: Path, **options: Any) -> tuple[Fault, ...]:
    with pytest.raises(TidemillError) as caught:
        load_runtime(root, **options)
    return caught.value.faults


def test_the_smallest_project(write: Write) -> None:
    root = write({})
    config = load_runtime(root)
    assert isinstance(config, RuntimeConfig)
    assert (config.project.name, config.root) == ("shop", root)
    assert config.project.model_paths == ("models",)
    assert config.project.clean_targets == ("target",)
    assert list(config.packages) == ["shop", "dbt_duckdb", "dbt"]
    assert config.internal_packages == ("dbt_duckdb", "dbt")
    assert config.packages["dbt"].docs_paths == ("docs",)
    assert (config.target.name, config.target.type, config.target.threads) == ("dev", "duckdb", 1)
    assert (config.target.database, config.target.schema) == ("shop", "main")
    assert config.profiles_dir == root
    assert config.warnings == ()


def test_what_the_command_says_wins(write: Write) -> None:
    config = load_runtime(
        write({}), target="prod", threads=3, target_path="out", arguments={"full_refresh": True}
    )
    assert (config.target.name, config.target.schema, config.target.threads) == ("prod", "live", 3)
    assert config.project.target_path == "out"
    assert config.project.clean_targets == ("out",)
    assert config.full_refresh


def test_another_profile(write: Write) -> None:
    config = load_runtime(write({"dbt_project.yml": "name: shop\n"}), profile="other", target="dev")
    assert (config.target.profile_name, config.target.database) == ("other", "memory")


def test_a_command_without_a_profile(write: Write) -> None:
    root = write({"dbt_project.yml": 'name: shop\nmodels: {+schema: "x{{ target.schema }}"}\n'})
    config = load_runtime(root, require_profile=False)
    assert config.project.configs == {"models": {"+schema": "x"}}
    assert list(config.packages) == ["shop"]


def test_the_project_file_is_rendered_with_the_target(write: Write) -> None:
    project = """
name: shop
profile: "{{ 'sh' ~ 'op' }}"
version: 1.0
model-paths: ["{{ var('folder', 'models') }}"]
vars: {raw: "{{ nothing }}"}
on-run-start: ["{{ later() }}"]
query-comment: "{{ later() }}"
models:
  +materialized: "{{ 'table' if target.name == 'dev' else 'view' }}"
  +enabled: "{{ env_var('SHOP_ON', 'True') | as_bool }}"
  +pre-hook: "{{ later() }}"
  shop: {+post_hook: ["{{ later() }}"]}
seeds:
tests: {+severity: warn}
"""
    config = load_runtime(write({"dbt_project.yml": project}), cli_vars={"folder": "sql"})
    loaded = config.project
    assert loaded.model_paths == ("sql",)
    assert loaded.version == "1.0"
    assert loaded.vars == {"raw": "{{ nothing }}"}
    assert loaded.on_run_start == ("{{ later() }}",)
    assert loaded.query_comment == "{{ later() }}"
    assert loaded.configs == {
        "models": {
            "+materialized": "table",
            "+enabled": True,
            "+pre-hook": "{{ later() }}",
            "shop": {"+post_hook": ["{{ later() }}"]},
        },
        "data_tests": {"+severity": "warn"},
    }
    assert loaded.unrendered_configs["models"]["+enabled"].startswith("{{ env_var")
    assert config.env_read == {"SHOP_ON": "<default>"}


def test_only_the_chosen_target_is_rendered(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    profiles = """
shop:
  target: "{{ env_var('SHOP_TARGET') }}"
  outputs:
    a: {type: duckdb, path: "{{ env_var('NOT_SET') }}"}
    b:
      type: duckdb
      path: "{{ env_var('DBT_ENV_SECRET_PATH') }}.duckdb"
      threads: "{{ env_var('SHOP_THREADS') | as_number }}"
"""
    for name, value in {"TARGET": "b", "THREADS": "5"}.items():
        monkeypatch.setenv(f"SHOP_{name}", value)
    monkeypatch.setenv("DBT_ENV_SECRET_PATH", "hidden")
    config = load_runtime(write({"profiles.yml": profiles}))
    assert (config.target.database, config.target.threads) == ("hidden", 5)
    assert config.env_read == {"SHOP_TARGET": "b", "SHOP_THREADS": "5"}


def test_flags_of_the_project_or_in_their_old_place(write: Write) -> None:
    profiles = PROFILES + "config: {fail_fast: true}\n"
    config = load_runtime(write({"profiles.yml": profiles}))
    assert config.project.flags == {"fail_fast": True}
    assert [warning.code for warning in config.warnings] == ["deprecated-profile-flags"]
    project = PROJECT + "flags: {warn_error: true}\n"
    [fault] = _faults(write({"profiles.yml": profiles, "dbt_project.yml": project}))
    assert fault.message == "flags stand in dbt_project.yml and, as 'config', in profiles.yml"


def test_a_password_that_is_no_jinja_stays(write: Write) -> None:
    profiles = "shop: {outputs: {default: {type: duckdb, password: '{{ a'}}}\n"
    [fault] = _faults(write({"profiles.yml": profiles}))
    assert "password" in fault.message
    assert fault.code != "jinja-syntax"


def test_target_as_templates_see_it(write: Write) -> None:
    names = target_names(load_runtime(write({})).target)
    shown = ("database", "schema", "path", "type", "threads", "name", "target_name", "profile_name")
    assert {key: names.get(key) for key in shown if key != "path"} == {
        "database": "shop",
        "schema": "main",
        "type": "duckdb",
        "threads": 1,
        "name": "dev",
        "target_name": "dev",
        "profile_name": "shop",
    }
    assert "secrets" not in names


# -- where profiles are looked for ----------------------------------------------------------------


def test_the_current_folder_comes_before_home(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write({})
    for folder, schema in ((tmp_path / "home" / ".dbt", "home"), (tmp_path / "here", "here")):
        folder.mkdir()
        text = PROFILES.replace("path: shop.duckdb", f"schema: {schema}")
        (folder / "profiles.yml").write_text(text, encoding="utf-8")
    assert load_runtime(root).target.schema == "home"
    monkeypatch.chdir(tmp_path / "here")
    assert load_runtime(root).target.schema == "here"
    monkeypatch.setenv("DBT_PROFILES_DIR", str(root))
    assert load_runtime(root).target.schema == "main"
    assert load_runtime(root, profiles_dir=tmp_path / "here").target.schema == "here"


def test_a_profile_that_home_does_not_have_is_taken_from_the_project(
    write: Write, tmp_path: Path
) -> None:
    folder = tmp_path / "home" / ".dbt"
    folder.mkdir()
    (folder / "profiles.yml").write_text("else: {outputs: {}}\n", encoding="utf-8")
    assert load_runtime(write({})).profiles_dir == tmp_path / "shop"


# -- variables and packages -----------------------------------------------------------------------

VARS = """
name: shop
profile: shop
vars:
  a: root
  b: root
  shop: {b: root scoped, c: root scoped}
  lib: {d: root for lib, e: root for lib}
"""
LIB = "name: lib\nvars: {a: lib, d: lib, f: lib, lib: {f: lib scoped, e: lib scoped}}\n"
LOCAL = "packages: [{local: ../lib}]\n"


def test_variables_by_precedence(write: Write, tmp_path: Path) -> None:
    root = write({"dbt_project.yml": VARS, "packages.yml": LOCAL, "../lib/dbt_project.yml": LIB})
    config = load_runtime(root, cli_vars={"g": "cli", "c": "cli"})
    assert config.packages["lib"].root == tmp_path / "lib"
    own = vars_for(config, "shop")
    assert [own.get(name) for name in "abcdg"] == ["root", "root scoped", "cli", None, "cli"]
    lib = vars_for(config, "lib")
    assert [lib.get(name) for name in "abdefg"] == [
        "root",
        "root",
        "root for lib",
        "root for lib",
        "lib scoped",
        "cli",
    ]


def test_packages_installed_and_local(write: Write) -> None:
    files = {
        "packages.yml": "packages:\n  - local: packages/one\n  - package: hub/two\n    version: 1.0.0\n",
        "packages/one/dbt_project.yml": "name: one\n",
        "packages/one/packages.yml": "packages: [{local: ../three}]\n",
        "packages/three/dbt_project.yml": "name: three\n",
        "dbt_packages/two/dbt_project.yml": "name: two\nmacro-paths: [m]\n",
        "dbt_packages/one/dbt_project.yml": "name: one\nversion: 2.0.0\n",
        "dbt_packages/__pycache__/x": "",
    }
    root = write(files)
    config = load_runtime(root)
    assert list(config.packages) == ["shop", "dbt_duckdb", "dbt", "one", "two", "three"]
    assert config.packages["one"].root == root / "dbt_packages" / "one"
    assert config.packages["two"].macro_paths == ("m",)
    assert [next(iter(spec)) for spec in config.project.package_specs] == ["local", "package"]


def test_an_installed_package_needs_its_folder_no_more(write: Write) -> None:
    files = {
        "packages.yml": "packages: [{local: ../one}]\n",
        "dbt_packages/one/dbt_project.yml": "name: one\n",
    }
    root = write(files)
    assert load_runtime(root).packages["one"].root == root / "dbt_packages" / "one"


def test_secrets_stay_out_of_what_is_kept_of_packages(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBT_ENV_SECRET_TOKEN", "t0p")
    files = {
        "packages.yml": "packages: [{git: \"https://{{ env_var('DBT_ENV_SECRET_TOKEN') }}@x/lib.git\"}]\n",
        "dbt_packages/lib/dbt_project.yml": "name: lib\n",
    }
    config = load_runtime(write(files))
    assert "t0p" not in str(config.project.package_specs)


def test_dependencies_yml(write: Write) -> None:
    files = {"dependencies.yml": LOCAL, "../lib/dbt_project.yml": "name: lib\n"}
    assert "lib" in load_runtime(write(files)).packages


# -- faults ---------------------------------------------------------------------------------------

FAULTS: dict[str, tuple[dict[str, str], list[tuple[str, str | None, int | None]]]] = {
    "unknown keys": (
        {"dbt_project.yml": PROJECT + "modell-paths: [x]\nseed_paths: [y]\nzzz: 1\n"},
        [
            ("unknown key 'modell-paths'", "did you mean 'model-paths' or", 3),
            ("unknown key 'seed_paths'", "did you mean 'seed-paths'?", 4),
            ("unknown key 'zzz'", None, 5),
        ],
    ),
    "wrong types": (
        {"dbt_project.yml": PROJECT + "model-paths: models\nvars: [a]\nrestrict-access: maybe\n"},
        [
            (
                "'model-paths' must be a list of folders, and is a text",
                'write model-paths: ["models"]',
                3,
            ),
            ("'vars' must be a mapping, and is a list", None, 4),
            ("'restrict-access' must be true or false, and is a text", None, 5),
        ],
    ),
    "no name": (
        {"dbt_project.yml": "profile: shop\n"},
        [("the project has no name", "add a line such as 'name: my_project'", 1)],
    ),
    "a name that is none": (
        {"dbt_project.yml": "name: my-shop\nprofile: shop\n"},
        [("'my-shop' cannot be the name of a project", None, 1)],
    ),
    "a reserved name": (
        {"dbt_project.yml": "name: target\nprofile: shop\n"},
        [("'target' is a word of dbt's Jinja, not free as a name", None, 1)],
    ),
    "two spellings": (
        {"dbt_project.yml": PROJECT + "source-paths: [a]\nmodel-paths: [b]\n"},
        [
            (
                "Invalid project config: cannot have both 'source-paths' and 'model-paths' defined",
                None,
                3,
            )
        ],
    ),
    "quoting": (
        {"dbt_project.yml": PROJECT + "quoting: {databse: true, schema: 1}\n"},
        [
            ("unknown key 'databse' in 'quoting'", "did you mean 'database'?", 3),
            ("'quoting.schema' must be true or false, and is a number", None, 3),
        ],
    ),
    "dispatch": (
        {"dbt_project.yml": PROJECT + "dispatch:\n  - macro_namespace: dbt\n"},
        [("an entry of 'dispatch' needs 'macro_namespace' and a list 'search_order'", None, 4)],
    ),
    "broken Jinja": (
        {
            "dbt_project.yml": PROJECT
            + "models:\n  +schema: \"{{ env_var('NO_SUCH') }}\"\n  +alias: '{{ tarhet }}'\n"
        },
        [
            ("Env var required but not provided: 'NO_SUCH'", None, 4),
            ("'tarhet' is not defined here", "did you mean 'target'?", 5),
        ],
    ),
    "a version that is not met": (
        {"dbt_project.yml": PROJECT + "require-dbt-version: ['>=1.0.0', '<1.5.0']\n"},
        [("'shop' asks for dbt >=1.0.0, <1.5.0; this is the language of dbt 1.11.16", None, 3)],
    ),
    "a project's version that is none": (
        {"dbt_project.yml": PROJECT + "version: invalid\n"},
        [
            (
                "at path ['version']: 'invalid' is not valid under any of the given schemas",
                None,
                3,
            )
        ],
    ),
    "a version that is none": (
        {"dbt_project.yml": PROJECT + "require-dbt-version: new\n"},
        [("'new' is not a version requirement such as '>=1.6.0'", None, 3)],
    ),
    "no profile named": (
        {"dbt_project.yml": "name: shop\n"},
        [("the project names no profile", None, None)],
    ),
    "unknown profile": (
        {"dbt_project.yml": "name: shop\nprofile: shpo\n"},
        [
            (
                "Could not find profile named 'shpo' in profiles.yml; profiles there: 'other', 'shop'",
                "did you mean 'shop'?",
                None,
            )
        ],
    ),
    "unknown default target": (
        {"dbt_project.yml": "name: shop\nprofile: other\n"},
        [
            (
                "The profile 'other' does not have a target named 'default'. Its targets: 'dev'",
                None,
                7,
            )
        ],
    ),
    "empty profile": (
        {"profiles.yml": "shop:\n"},
        [("the profile 'shop' is empty", "it needs 'target' and 'outputs'", 1)],
    ),
    "no outputs": (
        {"profiles.yml": "shop:\n  target: dev\n"},
        [("the profile 'shop' has no outputs", None, 1)],
    ),
    "empty target": (
        {"profiles.yml": "shop:\n  target: dev\n  outputs:\n    dev:\n"},
        [("the target 'dev' of the profile 'shop' is not a mapping", None, 4)],
    ),
    "no type": (
        {"profiles.yml": "shop:\n  target: dev\n  outputs:\n    dev: {path: x}\n"},
        [("the target 'dev' has no type", "add a line such as 'type: duckdb'", 4)],
    ),
    "unknown type": (
        {"profiles.yml": "shop:\n  target: dev\n  outputs:\n    dev: {type: duckbd}\n"},
        [
            (
                "unknown adapter type 'duckbd' in the profile; available: duckdb",
                "did you mean 'duckdb'?",
                4,
            )
        ],
    ),
    "threads": (
        {
            "profiles.yml": "shop:\n  target: dev\n  outputs:\n    dev: {type: duckdb, threads: '4'}\n"
        },
        [("'threads' must be a whole number from 1, and is '4'", None, 4)],
    ),
    "empty profiles file": ({"profiles.yml": "# nothing\n"}, [("the file is empty", None, None)]),
    "broken profiles file": (
        {"profiles.yml": "shop: [\n"},
        [
            (
                "this is not valid YAML: did not find expected node content while parsing a flow node",
                None,
                2,
            )
        ],
    ),
    "packages": (
        {
            "packages.yml": "packages:\n  - dbt_utils\n  - pakage: a/b\n  - package: dbt_utils\n    version: 1\n"
            "  - package: a/b\n  - local: ../x\n    revision: 2\n  - git: ''\n"
        },
        [
            ("an entry of 'packages' must be a mapping", "such as '- local: ../shared'", 2),
            (
                "an entry of 'packages' needs one of: package, git, private, local, tarball",
                "did you mean 'package'?",
                3,
            ),
            ("'dbt_utils' has no namespace", "write it as 'dbt-labs/dbt_utils'", 4),
            ("'a/b' has no version", "add a line such as 'version: 1.3.0'", 6),
            ("The packages.yml file in this project is malformed: unknown key 'revision'", None, 7),
            ("A git package is missing the value: 'git' must say where it is", None, 9),
        ],
    ),
    "packages in two files": (
        {"packages.yml": LOCAL, "dependencies.yml": LOCAL},
        [("'packages' stands in packages.yml as well; only one of them may have it", None, 1)],
    ),
    "a local package that is not there": (
        {"packages.yml": "packages: [{local: ../no}]\n"},
        [("the local package '../no' is not there: ", None, None)],
    ),
    "a package without a project file": (
        {"dbt_packages/empty/x": ""},
        [("No dbt_project.yml found at expected path ", None, None)],
    ),
    "packages that are not installed": (
        {
            "packages.yml": "packages: [{package: dbt-labs/dbt_utils, version: 1.3.0}, {git: 'https://x/y/lib.git'}]\n"
        },
        [
            (
                "packages.yml asks for packages that are not installed in dbt_packages: 'dbt_utils', 'lib'",
                "install them with",
                None,
            )
        ],
    ),
    "two packages of one name": (
        {"dbt_packages/a/dbt_project.yml": "name: dbt\n"},
        [("two packages have the name 'dbt': ", None, None)],
    ),
    "an unknown key in a package": (
        {"dbt_packages/a/dbt_project.yml": "name: a\nmodell: {}\n"},
        [("unknown key 'modell'", "did you mean 'models'?", 2)],
    ),
}


@pytest.mark.parametrize(("files", "expected"), FAULTS.values(), ids=FAULTS.keys())
def test_faults(
    files: dict[str, str], expected: list[tuple[str, str | None, int | None]], write: Write
) -> None:
    faults = sorted(
        _faults(write(files)), key=lambda fault: (fault.place and fault.place.line) or 0
    )
    assert len(faults) == len(expected)
    for fault, (message, hint, line) in zip(faults, expected, strict=True):
        assert fault.message.startswith(message)
        assert hint is None or (fault.hint or "").startswith(hint)
        assert line is None or (fault.place and fault.place.line) == line


def test_places_name_the_file(write: Write) -> None:
    [fault] = _faults(write({"dbt_packages/a/dbt_project.yml": "name: a\nmodell: {}\n"}))
    assert fault.place == Place(file="dbt_packages/a/dbt_project.yml", line=2, column=1)
    [fault] = _faults(write({"dbt_packages/a/dbt_project.yml": "name: a\n"}), target="live")
    assert fault.message == (
        "The profile 'shop' does not have a target named 'live'. Its targets: 'dev', 'prod'"
    )
    assert fault.place == Place(file="profiles.yml", line=4, column=3)


def test_no_project(write: Write, tmp_path: Path) -> None:
    root = write({})
    [fault] = _faults(root.parent)
    assert fault.message == f"No dbt_project.yml found at expected path {root.parent}"
    assert fault.hint == "there is one in shop/: give it with --project-dir shop"
    [fault] = _faults(tmp_path / "no")
    assert fault.message == f"there is no folder {tmp_path / 'no'}"
    (tmp_path / "slip").mkdir()
    (tmp_path / "slip" / "dbt_project.yaml").write_text(PROJECT, encoding="utf-8")
    [fault] = _faults(tmp_path / "slip")
    assert fault.hint == "did you mean 'dbt_project.yaml'?"


def test_no_profiles_file(write: Write, tmp_path: Path) -> None:
    root = write({})
    (root / "profiles.yml").unlink()
    [fault] = _faults(root)
    assert fault.message == (
        f"dbt looked for a profiles.yml file in ~, ~/.dbt, {root.as_posix()}, and there is none"
    )
    [fault] = _faults(root, profiles_dir=tmp_path / "no")
    assert fault.message.endswith(f"file in {(tmp_path / 'no').as_posix()}, and there is none")


def test_a_version_check_can_be_left_out(write: Write) -> None:
    root = write({"dbt_project.yml": PROJECT + "require-dbt-version: '>=9.0.0'\n"})
    assert load_runtime(root, arguments={"version_check": False}).project.name == "shop"


def test_old_spellings_are_warned_of(write: Write) -> None:
    config = load_runtime(
        write({"dbt_project.yml": PROJECT + "data-paths: [data]\ndata-paths: [d]\n"})
    )
    assert config.project.seed_paths == ("d",)
    assert [warning.message for warning in config.warnings] == [
        "the key 'data-paths' stands twice in one mapping; the last one counts",
        "The `data-paths` config has been renamed to `seed-paths`",
    ]
