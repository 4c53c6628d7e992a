"""A parse that uses the cache gives what a parse of everything gives, whatever was edited in between."""

from __future__ import annotations

import gc
import json
import marshal
import os
import random
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from hashlib import blake2b
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.engine.parsing.cache.edits import PROJECTS, Outcome, cold, copied, edit, loaded, warm
from tidemill.adapters.registry import adapter_for
from tidemill.engine.artifacts import CompiledPart, manifest_json
from tidemill.engine.nodes import Manifest
from tidemill.engine.parsing.cached import parse_cached
from tidemill.engine.parsing.memory import Memory
from tidemill.engine.parsing.project import parse_project


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return copied(PROJECTS / "pilots", tmp_path / "pilots")


def whole(outcome: Outcome) -> str | None:
    assert outcome.reasons is not None, outcome.faults
    return outcome.reasons.whole


def parsed(outcome: Outcome) -> list[str]:
    """Paths of the files that were parsed, where not all were."""
    assert outcome.reasons is not None, outcome.faults
    assert outcome.reasons.whole is None
    return sorted(path for _, path in outcome.reasons.parsed)


def assert_same(one: Outcome, other: Outcome) -> None:
    assert one.faults == other.faults
    assert one.content == other.content
    assert sorted(one.warnings) == sorted(other.warnings)


@pytest.mark.parametrize("project", ["pilots", "harbour", "cargo"])
@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("stays", [False, True], ids=["on disk", "in memory"])
def test_random_edits(
    project: str, seed: int, stays: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dice = random.Random(f"{project}/{seed}")
    memory = Memory() if stays else None
    root = copied(PROJECTS / project, tmp_path / project)
    for step in range(12):
        monkeypatch.setenv("TIDEMILL_TEST_EDITS", dice.choice("ab"))
        variables = dice.choice([{}, {"day": 2}, {"day": 3}])
        for _ in range(dice.randint(0, 2)):
            edit(root, dice)
        config = loaded(root, variables)
        found, expected = warm(config, memory), cold(config)
        if memory is not None and dice.random() < 0.3:
            memory.flush()
        assert bool(found.faults) == bool(expected.faults), (step, found.faults, expected.faults)
        if expected.faults:
            assert set(found.faults) <= set(expected.faults), step
            _restore(root, PROJECTS / project)
        else:
            assert found.content == expected.content, (step, found.reasons)
            assert sorted(found.warnings) == sorted(expected.warnings), (step, found.reasons)


def _restore(root: Path, project: Path) -> None:
    """Everything as it was, but for what the cache holds."""
    kept = root.parent / "kept"
    if (root / "target").exists():
        shutil.move(root / "target", kept)
    shutil.rmtree(root)
    copied(project, root)
    if kept.exists():
        shutil.move(kept, root / "target")


def test_nothing_changed(root: Path) -> None:
    first, second = warm(loaded(root)), warm(loaded(root))
    assert whole(first) == "there is no state yet (No such file or directory)"
    assert parsed(second) == []
    assert_same(second, first)


def test_one_model_edited(root: Path) -> None:
    warm(loaded(root))
    model = root / "models" / "marts" / "arrivals.sql"
    model.write_text(model.read_text() + "\n-- seen")
    found = warm(loaded(root))
    assert parsed(found) == ["models/marts/arrivals.sql"]
    assert_same(found, cold(loaded(root)))
    assert parsed(warm(loaded(root))) == []


def test_a_new_model_and_its_description(root: Path) -> None:
    warm(loaded(root))
    (root / "models" / "marts" / "departures.sql").write_text("select * from {{ ref('arrivals') }}")
    found = warm(loaded(root))
    assert parsed(found) == ["models/marts/departures.sql"]
    assert_same(found, cold(loaded(root)))
    described = "models:\n  - name: departures\n    columns: [{name: ship, tests: [not_null]}]\n"
    (root / "models" / "marts" / "departures.yml").write_text(described)
    found = warm(loaded(root))
    assert parsed(found) == ["models/marts/departures.yml"]
    assert_same(found, cold(loaded(root)))
    (root / "models" / "marts" / "departures.yml").unlink()
    (root / "models" / "marts" / "departures.sql").unlink()
    assert_same(warm(loaded(root)), cold(loaded(root)))


def test_what_a_description_is_no_longer_warned_of(root: Path) -> None:
    marts = root / "models" / "marts"
    (marts / "departures.sql").write_text("{{ config(materialized='view') }} select 1 as ship")
    column = "{name: ship, data_type: int, constraints: [{type: not_null%s}]}"
    described = (
        "models: [{name: departures, config: {contract: {enforced: true}}, columns: [%s]}]\n"
    )
    (marts / "departures.yml").write_text(described % column % "")
    (warning,) = (text for text in warm(loaded(root)).warnings if "Constraint types" in text)
    assert warning in warm(loaded(root)).warnings
    (marts / "departures.yml").write_text(described % column % ", warn_unsupported: false")
    found = warm(loaded(root))
    assert parsed(found) == ["models/marts/departures.yml"]
    assert warning not in found.warnings
    assert_same(found, cold(loaded(root)))


def test_a_test_that_is_there_twice(root: Path) -> None:
    described = root / "models" / "marts" / "more.yml"
    described.write_text("models:\n  - name: tide_table\n    tests: [{unique: {column_name: a}}]\n")
    (root / "models" / "marts" / "marts.yml").write_text("version: 2\n")
    assert not warm(loaded(root)).faults
    described.write_text(described.read_text() + "    columns: [{name: a, tests: [unique]}]\n")
    found = warm(loaded(root))
    assert "two data_tests with the name" in found.faults[0]
    assert found.faults == cold(loaded(root)).faults


def test_a_source_of_a_package_that_is_overridden(root: Path) -> None:
    (root / "packages.yml").write_text("packages: [{local: lib}]\n")
    (root / "lib" / "models").mkdir(parents=True)
    (root / "lib" / "dbt_project.yml").write_text("name: lib\n")
    (root / "lib" / "models" / "s.yml").write_text("sources: [{name: s, tables: [{name: t}]}]\n")
    warm(loaded(root))
    file = root / "models" / "over.yml"
    for text in ("{name: s, overrides: lib, schema: a}", "{name: s, overrides: lib, schema: b}"):
        file.write_text(f"sources:\n  - {text}\n")
        assert_same(warm(loaded(root)), cold(loaded(root)))
    file.write_text("sources: []\n")
    assert_same(warm(loaded(root)), cold(loaded(root)))
    file.unlink()
    assert_same(warm(loaded(root)), cold(loaded(root)))


def test_what_is_switched_off_can_be_edited(root: Path) -> None:
    marts = root / "models" / "marts"
    (marts / "hidden.sql").write_text("{{ config(enabled=false) }} select 1 as a")
    text = (
        "models:\n  - name: hidden\n    description: A\n    columns: [{name: a, tests: [unique]}]\n"
    )
    more = "  - name: berths\n    columns: [{name: b, tests: [{not_null: {config: {enabled: false}}}]}]\n"
    (root / "models" / "marts" / "marts.yml").write_text("version: 2\n")
    (marts / "hidden.yml").write_text(text + more)
    warm(loaded(root))
    (marts / "hidden.yml").write_text((text + more).replace("A", "B"))
    found = warm(loaded(root))
    assert parsed(found) == ["models/marts/hidden.yml"]
    assert_same(found, cold(loaded(root)))
    (marts / "hidden.sql").write_text("{{ config(enabled=false) }} select 2 as a")
    found = warm(loaded(root))
    assert parsed(found) == ["models/marts/hidden.sql"]
    assert_same(found, cold(loaded(root)))
    (marts / "hidden.yml").write_text(text)
    found = warm(loaded(root))
    assert parsed(found) == ["models/marts/hidden.yml"]
    assert_same(found, cold(loaded(root)))
    assert_same(warm(loaded(root)), cold(loaded(root)))
    (marts / "more").mkdir()
    (marts / "more" / "hidden.sql").write_text("{{ config(enabled=false) }} select 3 as a")
    assert_same(warm(loaded(root)), cold(loaded(root)))
    (marts / "hidden.sql").write_text("{{ config(enabled=false) }} select 4 as a")
    found = warm(loaded(root))
    assert parsed(found) == ["models/marts/hidden.sql"]
    assert_same(found, cold(loaded(root)))
    (marts / "hidden.sql").write_text("select 2 as a")
    assert_same(warm(loaded(root)), cold(loaded(root)))


def test_a_new_model_with_the_alias_of_another(root: Path) -> None:
    warm(loaded(root))
    text = "{{ config(alias='arrivals') }} select 1 as one"
    (root / "models" / "marts" / "departures.sql").write_text(text)
    assert "two resources with the database representation" in warm(loaded(root)).faults[0]


def test_a_var_concerns_those_who_read_it(root: Path) -> None:
    model = root / "models" / "marts" / "arrivals.sql"
    model.write_text("{{ config(meta={'day': var('day', 1)}) }}\n" + model.read_text())
    warm(loaded(root))
    found = warm(loaded(root, {"day": 2, "other": 3}))
    assert parsed(found) == ["models/marts/arrivals.sql"]
    assert found.content["nodes"]["model.pilots.arrivals"].meta == {"day": 2}


def test_an_environment_variable_concerns_those_who_read_it(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = root / "models" / "marts" / "arrivals.sql"
    model.write_text("{{ config(tags=[env_var('TIDE', 'low')]) }}\n" + model.read_text())
    warm(loaded(root))
    monkeypatch.setenv("TIDE", "high")
    found = warm(loaded(root))
    assert parsed(found) == ["models/marts/arrivals.sql"]
    assert found.content["nodes"]["model.pilots.arrivals"].tags == ["marts", "high"]


def test_a_flag_and_threads_concern_those_who_read_them(root: Path) -> None:
    model = root / "models" / "marts" / "arrivals.sql"
    text = "{{ config(meta={'full': flags.FULL_REFRESH, 'threads': target.threads}) }}\n"
    model.write_text(text + model.read_text())
    warm(loaded(root))
    assert parsed(warm(loaded(root, arguments={"full_refresh": True}))) == [
        "models/marts/arrivals.sql"
    ]
    assert parsed(warm(loaded(root, arguments={"full_refresh": True}, threads=7))) == [
        "models/marts/arrivals.sql"
    ]


def test_what_is_never_the_same_is_always_parsed(root: Path) -> None:
    model = root / "models" / "marts" / "arrivals.sql"
    model.write_text("{{ config(meta={'id': invocation_id}) }}\n" + model.read_text())
    warm(loaded(root))
    config = loaded(root)
    found = warm(config)
    assert parsed(found) == ["models/marts/arrivals.sql"]
    assert found.content["nodes"]["model.pilots.arrivals"].meta == {"id": config.invocation_id}


def test_a_time_counts_after_it_was_written(root: Path) -> None:
    model = root / "models" / "marts" / "arrivals.sql"
    text = "-- {{ invocation_id }}\n{{ config(meta={'id': invocation_id}) }}\n"
    model.write_text(text + model.read_text())
    warm(loaded(root))
    assert parsed(warm(loaded(root))) == ["models/marts/arrivals.sql"]


def test_a_time_that_is_only_written_does_not_count(root: Path) -> None:
    model = root / "models" / "marts" / "arrivals.sql"
    code = model.read_text()
    code += "\n-- {{ run_started_at.strftime('%Y') }} {{ modules.datetime.datetime.now() }}"
    code += "\n-- {{ var('day', run_started_at.astimezone(modules.pytz.timezone('UTC'))) }}"
    model.write_text(code)
    warm(loaded(root))
    assert parsed(warm(loaded(root))) == []


def test_hooks_that_write_the_time_and_hooks_that_read_something_else(root: Path) -> None:
    project = root / "dbt_project.yml"
    hook = "on-run-end: \"select '{{ invocation_id }}' {{ ref(var('read', 'berths')) }}\"\n"
    project.write_text(project.read_text() + hook)
    warm(loaded(root))
    assert parsed(warm(loaded(root))) == []
    found = warm(loaded(root, {"read": "arrivals"}))
    assert whole(found) == "a hook reads something else"
    assert_same(found, cold(loaded(root, {"read": "arrivals"})))
    project.write_text(project.read_text() + "# a comment\n")
    assert_same(warm(loaded(root)), cold(loaded(root)))


def test_warnings_about_macros_are_told_once(root: Path) -> None:
    macros = root / "macros"
    macros.mkdir(exist_ok=True)
    (macros / "stray.sql").write_text("{% macro one() %}1{% endmacro %}{% endmacro %}")
    (macros / "two.sql").write_text("{% macro two() %}2{% endmacro %}")
    assert any("belongs to no block" in warning for warning in warm(loaded(root)).warnings)
    (macros / "two.sql").write_text("{% macro two() %}3{% endmacro %}")
    found = warm(loaded(root))
    assert parsed(found) == []
    assert_same(found, cold(loaded(root)))
    (macros / "stray.sql").write_text("{% macro one() %}1{% endmacro %}")
    assert_same(warm(loaded(root)), cold(loaded(root)))
    assert_same(warm(loaded(root)), cold(loaded(root)))


def test_another_target_has_a_state_of_its_own(root: Path) -> None:
    profiles = root / "profiles.yml"
    other = "    other:\n      type: duckdb\n      path: pilots.duckdb\n      schema: elsewhere\n"
    profiles.write_text(profiles.read_text() + other)
    warm(loaded(root))
    assert whole(warm(loaded(root, target="other")))
    assert parsed(warm(loaded(root, target="other"))) == []
    assert parsed(warm(loaded(root))) == []


def test_the_project_file_concerns_everything(root: Path) -> None:
    warm(loaded(root))
    project = root / "dbt_project.yml"
    project.write_text(project.read_text() + "\nseeds: {+quote_columns: true}\n")
    found = warm(loaded(root))
    assert whole(found) == "the project file of pilots has changed"
    assert_same(found, cold(loaded(root)))


def test_a_var_of_the_project_file_concerns_those_who_read_it(root: Path) -> None:
    project = root / "dbt_project.yml"
    text = project.read_text()
    assert "vars:" not in text
    model = root / "models" / "marts" / "arrivals.sql"
    model.write_text("{{ config(meta={'day': var('day')}) }}\n" + model.read_text())
    project.write_text(f"{text}\nvars: {{day: 1, other: 1}}\n")
    warm(loaded(root))
    project.write_text(f"{text}\nvars: {{day: 2, other: 3}}\n")
    found = warm(loaded(root))
    assert parsed(found) == ["models/marts/arrivals.sql"]
    assert found.content["nodes"]["model.pilots.arrivals"].meta == {"day": 2}
    assert_same(found, cold(loaded(root)))


def test_a_project_file_with_hooks_has_another_checksum(root: Path) -> None:
    project = root / "dbt_project.yml"
    text = f'{project.read_text()}\non-run-end: ["select 1", "select {{{{ var(\'day\') }}}}"]\n'
    project.write_text(f"{text}\nvars: {{day: 1, other: 1}}\n")
    warm(loaded(root))
    for other in (2, 3):
        project.write_text(f"{text}\nvars: {{day: 1, other: {other}}}\n")
        found = warm(loaded(root))
        assert parsed(found) == []
        assert_same(found, cold(loaded(root)))
        written = json.loads(manifest_json(parsed_by(parse_cached, root)))
        assert timeless(written) == timeless(
            json.loads(manifest_json(parsed_by(parse_project, root)))
        )
    project.write_text(text.replace("select 1", "select 2") + "\nvars: {day: 1}\n")
    found = warm(loaded(root))
    assert whole(found) == "the project file of pilots has changed"
    assert_same(found, cold(loaded(root)))


def test_hooks_that_are_switched_off(root: Path) -> None:
    """dbt configures hooks like models: what switches a package off does so with its hooks."""
    (root / "packages.yml").write_text("packages: [{local: lib}]\n")
    (root / "lib").mkdir()
    library = root / "lib" / "dbt_project.yml"
    library.write_text("name: lib\non-run-start: [select 1]\n")
    project = root / "dbt_project.yml"
    text = project.read_text().replace("models:\n", "models:\n  lib: {+enabled: false}\n")
    project.write_text(text + "\non-run-end: [select 2]\n")
    first = warm(loaded(root))
    assert [hook.package_name for hook in first.content["hooks"]] == ["pilots"]
    assert "operation.lib.lib-on-run-start-0" in first.content["disabled"]
    assert_same(first, cold(loaded(root)))
    for file in (project, library):
        file.write_text(f"{file.read_text()}# a comment\n")
        found = warm(loaded(root))
        assert parsed(found) == []
        assert_same(found, cold(loaded(root)))
        assert parsed(warm(loaded(root))) == []


def test_who_reads_the_configuration_of_packages(root: Path) -> None:
    model = root / "models" / "marts" / "arrivals.sql"
    read = "{{ config(meta={'v': ref.config.vars.to_dict(), 'c': ref.config.cli_vars}) }}\n"
    model.write_text(read + model.read_text())
    project = root / "dbt_project.yml"
    warm(loaded(root))
    project.write_text(f"{project.read_text()}\nvars: {{day: 2}}\n")
    found = warm(loaded(root))
    assert parsed(found) == ["models/marts/arrivals.sql"]
    assert found.content["nodes"]["model.pilots.arrivals"].meta == {"v": {"day": 2}, "c": {}}
    assert_same(found, cold(loaded(root)))
    found = warm(loaded(root, {"day": 3}))
    assert parsed(found) == ["models/marts/arrivals.sql"]
    assert_same(found, cold(loaded(root, {"day": 3})))


def test_a_state_that_is_damaged_is_no_state(root: Path) -> None:
    expected = warm(loaded(root))
    written = timeless(json.loads(manifest_json(parsed_by(parse_project, root))))
    dice = random.Random(7)
    for step in range(30):
        damaged = dice.choice(sorted((root / "target" / "parse_state").iterdir()))
        content = bytearray(damaged.read_bytes())
        content[dice.randrange(len(content))] ^= 1 << dice.randrange(8)
        if step % 5 == 4:
            del content[dice.randrange(len(content)) :]
        later = damaged.stat().st_mtime_ns + 10**9  # the clock of files ticks slower than this test
        damaged.write_bytes(content)
        os.utime(damaged, ns=(later, later))
        assert_same(warm(loaded(root)), expected)
        assert timeless(json.loads(manifest_json(parsed_by(parse_cached, root)))) == written
        warm(loaded(root))


def parsed_by(parse: Callable[..., Any], root: Path) -> Manifest:
    config = loaded(root)
    found = parse(config, adapter_for("duckdb")(config.target.credentials, config.root))
    project = found.project if parse is parse_cached else found
    manifest: Manifest = project.manifest
    return manifest


def test_a_state_of_another_shape_is_no_state(root: Path) -> None:
    expected = warm(loaded(root))
    head = root / "target" / "parse_state" / "pilots_dev.state"
    tag, segments, gone, flat = marshal.loads(head.read_bytes()[16:])
    names = [name for name, _ in segments]
    unknown = {key: value for key, value in flat.items() if key != "counts"}
    for shape in (
        (tag, names, gone, flat),
        (tag, segments, gone, unknown),
        (tag, segments, gone, {**flat, "more": 1}),
        ("other", segments, gone, flat),
        (tag, segments),
        7,
    ):
        body = marshal.dumps(shape)
        head.write_bytes(blake2b(body, digest_size=16).digest() + body)
        found = warm(loaded(root))
        assert whole(found) == "it was written by another version"
        assert_same(found, expected)


def test_who_reads_all_variables_of_a_file_of_their_own(root: Path) -> None:
    model = root / "models" / "marts" / "arrivals.sql"
    read = "{{ config(meta={'v': ref.config.vars.to_dict()}) }}\n"
    model.write_text(read + model.read_text())
    for day in (1, 2):
        (root / "vars.yml").write_text(f"vars: {{day: {day}}}\n")
        found = warm(loaded(root))
        assert found.content["nodes"]["model.pilots.arrivals"].meta == {"v": {"day": day}}
        assert_same(found, cold(loaded(root)))
    assert parsed(found) == ["models/marts/arrivals.sql"]


def test_a_folder_outside_the_project(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    terms = tmp_path_factory.mktemp("docs") / "terms.md"
    terms.write_text("{% docs berth %}A place for a ship.{% enddocs %}")
    project = root / "dbt_project.yml"
    project.write_text(f'{project.read_text()}\ndocs-paths: ["{terms.parent}"]\n')
    assert "A place for a ship." in str(warm(loaded(root)).content["docs"])
    terms.write_text("{% docs berth %}A place to moor.{% enddocs %}")

    found = warm(loaded(root))

    assert "A place to moor." in str(found.content["docs"])
    assert_same(found, cold(loaded(root)))


def test_many_edits_do_not_pile_up(root: Path) -> None:
    warm(loaded(root))
    model = root / "models" / "marts" / "arrivals.sql"
    for step in range(30):
        model.write_text(f"{model.read_text()}\n-- {step}")
        assert parsed(warm(loaded(root))) == ["models/marts/arrivals.sql"]
    assert len(list((root / "target" / "parse_state").iterdir())) <= 27
    assert_same(warm(loaded(root)), cold(loaded(root)))


def test_small_edits_do_not_write_everything_again(root: Path) -> None:
    marts, state = root / "models" / "marts", root / "target" / "parse_state"
    for number in range(60):
        (marts / f"berth_{number}.sql").write_text(f"select {number} as n")
    warm(loaded(root))
    (first,) = state.glob("*.segment")
    for step in range(16):
        (marts / f"berth_{step}.sql").write_text(f"select {step} as m")
        (marts / f"quay_{step}.sql").write_text(f"select {step} as m")
        (marts / f"quay_{step - 3}.sql").unlink(missing_ok=True)
        (marts / f"berth_{59 - step}.sql").unlink()
        found = warm(loaded(root))
        assert_same(found, cold(loaded(root)))
    assert first.exists()
    assert len(list(state.glob("*.segment"))) < 12
    again = warm(loaded(root))
    assert parsed(again) == []
    assert list(again.content["nodes"]) == list(found.content["nodes"])
    assert_same(again, cold(loaded(root)))


def test_states_that_are_not_used_any_more_are_closed(root: Path) -> None:
    def is_open(path: Path) -> bool:
        links = Path("/proc/self/fd")
        return any(link.exists() and link.resolve() == path for link in links.iterdir())

    parsed_by(parse_cached, root)
    manifest = parsed_by(parse_cached, root)
    assert len(manifest.nodes) > 0
    fragments = next((root / "target" / "parse_state").glob("*.fragments"))
    if not Path("/proc/self/fd").exists():
        pytest.skip("only Linux tells which files are open")
    assert is_open(fragments)
    gc.disable()
    del manifest
    try:
        assert not is_open(fragments)
    finally:
        gc.enable()


def test_processes_that_write_at_the_same_time(root: Path) -> None:
    warm(loaded(root))
    model = root / "models" / "marts" / "arrivals.sql"
    for step in range(4):
        model.write_text(f"{model.read_text()}\n-- {step}")
        with ThreadPoolExecutor(4) as pool:
            found = list(pool.map(lambda _: warm(loaded(root)), range(4)))
        for one in found:
            assert_same(one, found[0])
    assert_same(warm(loaded(root)), cold(loaded(root)))


def test_a_folder_that_cannot_be_written_is_no_fault(root: Path) -> None:
    (root / "target").write_text("a file where a folder should be")
    assert_same(warm(loaded(root)), cold(loaded(root)))


def test_manifest_json_is_the_same(root: Path) -> None:
    def written(parse: Callable[..., Any], **options: Any) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(manifest_json(parsed_by(parse, root), **options))
        return timeless(found)

    assert written(parse_cached) == written(parse_project)
    assert written(parse_cached) == written(parse_project)
    for path in ("models/marts/arrivals.sql", "models/marts/marts.yml"):
        (root / path).write_text(
            (root / path).read_text().replace("description: ", "description: z ")
        )
        (root / "models/marts/berths.sql").write_text(f"select 1 as {path[-3:]}")
        assert written(parse_cached) == written(parse_project)
    part = {"model.pilots.berths": CompiledPart(code="select 2", path="there")}
    assert written(parse_cached, compiled=part) == written(parse_project, compiled=part)


def timeless(value: Any) -> Any:
    """Without what differs from parse to parse."""
    if isinstance(value, dict):
        return {k: timeless(v) for k, v in value.items() if k not in {"created_at", "metadata"}}
    return value


def test_a_fault_leaves_the_state_as_it_was(root: Path) -> None:
    warm(loaded(root))
    model = root / "models" / "marts" / "arrivals.sql"
    text = model.read_text()
    model.write_text(text + "{{ ref('nowhere') }}")
    assert "nowhere" in warm(loaded(root)).faults[0]
    model.write_text(text)
    assert parsed(warm(loaded(root))) == []


def test_parsing_anew_can_be_asked_for(root: Path) -> None:
    warm(loaded(root))
    config = loaded(root)
    adapter = adapter_for("duckdb")(config.target.credentials, config.root)
    assert parse_cached(config, adapter, anew=True).reasons.whole == "it was asked for"


def test_secrets_do_not_reach_the_disk(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUIET", "hush-hush-value")
    model = root / "models" / "marts" / "arrivals.sql"
    model.write_text(model.read_text() + "\n-- {{ env_var('QUIET') }} {{ var('pin') }}")
    warm(loaded(root, {"pin": "pin-of-nobody"}))
    for path in (root / "target" / "parse_state").iterdir():
        assert b"hush-hush" not in path.read_bytes()
        assert b"pin-of-nobody" not in path.read_bytes()


def test_records_keep_every_kind_of_value() -> None:
    import datetime as dt
    from decimal import Decimal

    from tests.engine.jinja.hosting import model
    from tidemill.engine.parsing.cache.records import pack, unpack

    plain = model("select 1", config={"a": (1, [2.5, None], {"x": {"y": "é"}}), "b": True})
    dated = msgspec.structs.replace(
        plain, config={"on": dt.date(2026, 1, 2), "d": Decimal("1.50"), "t": (1, [dt.time(3, 4)])}
    )
    for value in (plain, dated, (plain, dated)):
        assert unpack(pack(value)) == value
