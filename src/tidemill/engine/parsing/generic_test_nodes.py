"""Generic test entries to nodes: what each test reads, found as dbt finds it, and where it is attached."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from tidemill.engine.jinja.capture import Capture
from tidemill.engine.jinja.context import builtin, promised_names
from tidemill.engine.jinja.macro_host import MacroHost
from tidemill.engine.jinja.session import Session
from tidemill.engine.jinja.test_arguments import ARGUMENTS_NAME, rendered_arguments
from tidemill.engine.nodes import DependsOn, GenericTest, Macro, Node, Ref
from tidemill.engine.parsing.deprecated import arguments_as_argument, missing_arguments
from tidemill.engine.parsing.gathering import Gathering
from tidemill.engine.parsing.generic_tests import (
    CONFIG_KEYS,
    MadeTest,
    TestRules,
    TestTarget,
    make_generic_test,
)
from tidemill.engine.parsing.macros import macros_by_name, seen_by_test
from tidemill.engine.parsing.naming import Naming
from tidemill.engine.parsing.parse_sessions import ParseSessions
from tidemill.engine.parsing.properties import properties_context
from tidemill.engine.parsing.property_entries import Patch, TestEntry
from tidemill.engine.parsing.repeated_tests import RepeatedTests, TestCall, Watch, form_of
from tidemill.engine.parsing.sources import SourceTests
from tidemill.engine.parsing.written_config import FLAG, written_config
from tidemill.engine.project.config_trees import (
    ConfigLayers,
    Layer,
    configs_for,
    merge_configs,
    unrendered_config,
)
from tidemill.engine.project.files import ProjectFile
from tidemill.engine.project.reads import reading
from tidemill.errors import Fault, Place, TidemillError, did_you_mean

_TESTED = ("models", "seeds", "snapshots")
_SIMPLE = frozenset({"macro.dbt.test_not_null", "macro.dbt.test_unique"})
"""Tests that read nothing but what they stand under; dbt does not render them either."""
_WHERE = "get_where_subquery"
"""What every test's ``model`` argument calls."""
_NESTED_ARGUMENTS = "require_generic_test_arguments_property"


class GenericTests:
    """Makes the generic tests of a project."""

    def __init__(self, host: MacroHost, naming: Naming, gathering: Gathering) -> None:
        self._host = host
        self._naming = naming
        self._gathering = gathering
        self._rules: dict[str, TestRules] = {}
        self._seen: dict[str, frozenset[str]] = {}
        self._plain: dict[tuple[int, ...], tuple[tuple[Layer, ...], dict[str, Any]]] = {}
        self._repeated = RepeatedTests(host)
        self._sessions = ParseSessions(host)
        self._shown: dict[tuple[frozenset[str], str], tuple[list[Macro], list[str]]] = {}
        self._by_name = macros_by_name(host.registry)
        self._by_id = {m.unique_id: m for p in host.registry.packages.values() for m in p.values()}

    def nodes(
        self, patches: Iterable[Patch], source_tests: Iterable[SourceTests], nodes: Iterable[Node]
    ) -> Iterator[GenericTest]:
        """The tests of all patches and source tables; ``nodes`` are what they may stand under."""
        known = _by_place(nodes)
        for patch in patches:
            for single in patch.versions or (patch,):
                if single.section in _TESTED:
                    attached = _attached(single, known)
                    yield from self._tests(single.tests, _target(single), attached)
        for tested in source_tests:
            yield from self._tests(tested.tests, _source_target(tested), None)

    def _tests(
        self, entries: Iterable[TestEntry], target: TestTarget, attached: Node | None
    ) -> Iterator[GenericTest]:
        rules = self._rules_of(target.file.package)
        with reading(target.file.package, target.file.path):
            for entry in entries:
                with self._gathering.each():
                    made = make_generic_test(entry, target, rules)
                    if not isinstance(entry.written, str):
                        self._gathering.warn(_old_spellings(entry, target, rules))
                    yield self._node(made, target, attached)

    def _rules_of(self, package: str) -> TestRules:
        if package not in self._rules:
            config = self._host.config
            self._rules[package] = TestRules(
                context=properties_context(config, package),
                quote=self._host.adapter.quote,
                nested_arguments=bool(config.project.flags.get(_NESTED_ARGUMENTS, True)),
            )
        return self._rules[package]

    def _node(self, made: MadeTest, target: TestTarget, attached: Node | None) -> GenericTest:
        test = self._configured(made, attached)
        macro = self._macro(made)
        if macro is not None and macro.unique_id in _SIMPLE:
            read = msgspec.structs.replace(
                test,
                refs=() if target.source else (Ref(target.name, None, target.version),),
                sources=((target.source, target.name),) if target.source else (),
                depends_on=DependsOn((), (macro.unique_id,)),
            )
        else:
            read = self._rendered(test, made, macro, target)
        return self._naming.named(read)

    def _configured(self, made: MadeTest, attached: Node | None) -> GenericTest:
        target = self._host.config.target
        return GenericTest(
            unique_id=made.unique_id,
            resource_type="test",
            name=made.name,
            package_name=made.package,
            path=made.path,
            original_file_path=made.original_file_path,
            fqn=made.fqn,
            alias=made.name,
            schema=target.schema,
            database=target.database,
            config=self._config(made, None),
            unrendered_config=self._unrendered(made, None),
            config_call=dict(made.config),
            raw_code=made.raw_code,
            line=made.place.line or 1,
            description=made.description,
            test_metadata=made.test_metadata,
            column_name=made.column_name,
            attached_node=attached.unique_id if attached is not None else None,
            group=attached.group if attached is not None else None,
            file_key_name=made.file_key_name,
            inherited_tags=made.tags,
        )

    def _macro(self, made: MadeTest) -> Macro | None:
        """The macro of the test; without one dbt fails when the test is compiled, and so do we, but warn."""
        metadata = made.test_metadata
        name = f"test_{metadata.name}"
        registry = self._host.registry
        macro = registry.find_in(name, metadata.namespace, package=made.package)
        if macro is None:
            self._gathering.warn([self._no_macro(made)])
        return macro

    def _no_macro(self, made: MadeTest) -> Fault:
        metadata = made.test_metadata
        names = self._host.registry.names(made.package)
        known = [name.removeprefix("test_") for name in names if name.startswith("test_")]
        where = f" in the package '{metadata.namespace}'" if metadata.namespace else ""
        return Fault(
            code="test-unknown",
            label="Warning",
            message=f"there is no generic test '{metadata.name}'{where}",
            place=made.place,
            hint=did_you_mean(metadata.name, known),
        )

    def _rendered(
        self, test: GenericTest, made: MadeTest, macro: Macro | None, target: TestTarget
    ) -> GenericTest:
        """``test`` with what its arguments and its macro read.

        The raw code is a call of the macro and a ``config()`` that is already merged, so the macro is
        called without rendering it.
        """
        if macro is None:
            return test
        known, seen = self._sight(made)
        call = TestCall(test, macro, known.unique_id, form_of(test.test_metadata.kwargs, target))
        capture = self._repeated.capture_of(call, partial(self._call, call, seen))
        noted = (known.unique_id, *(key for key in capture.macros if key in seen))
        if made.config or capture.config_calls:
            config = self._config(made, capture.config_calls)
            unrendered = self._unrendered(made, capture.config_calls)
        else:  # nothing is said that was not known before
            config, unrendered = test.config, test.unrendered_config
        return msgspec.structs.replace(
            test,
            config=config,
            unrendered_config=self._as_written(test, made) or unrendered,
            refs=tuple(capture.refs),
            sources=tuple(capture.sources),
            depends_on=DependsOn((), tuple(dict.fromkeys(noted))),
        )

    def _call(
        self, call: TestCall, seen: frozenset[str], capture: Capture, watch: Watch | None
    ) -> None:
        """Let ``capture`` note what a call of the macro with the test's arguments reads and sets."""
        test, macro = call.test, call.macro
        session = self._sessions.open(test, capture)
        self._show(session, seen, test.package_name)
        if watch is not None:
            watch.begin(session)
        session.context[ARGUMENTS_NAME] = arguments = rendered_arguments(test, session)
        if watch is not None:
            watch.arguments_are_rendered()
        try:
            if macro.unique_id in seen:
                session.call_macro(macro, (), arguments)
        except TidemillError as error:
            place = Place(file=test.original_file_path, line=test.line)
            raise error.located(node=test.unique_id, place=place) from None

    def _as_written(self, test: GenericTest, made: MadeTest) -> dict[str, Any]:
        """dbt's form where unrendered values are compared: the ``config()`` in the test's raw code."""
        if not self._host.config.project.flags.get(FLAG):
            return {}
        call = written_config(test.raw_code, self._host.environment)
        written = configs_for(
            self._host.config, "data_tests", made.fqn, made.package, rendered=False
        )
        return unrendered_config([*written.own, call, *written.root]) if call else {}

    def _show(self, session: Session, seen: frozenset[str], package: str) -> None:
        """dbt's rule for tests while they are parsed: of what they see, bare names mean any package's macro, and
        what they do not see takes the place of no function."""
        key = (seen, package)
        if key not in self._shown:
            self._shown[key] = self._to_show(seen, package)
        macros, names = self._shown[key]
        for macro in macros:
            session.context[macro.name] = session.bind(macro)
        for name in names:
            session.context[name] = builtin(session, name)

    def _to_show(self, seen: frozenset[str], package: str) -> tuple[list[Macro], list[str]]:
        find = self._host.registry.find
        macros = [self._by_id[key] for key in seen]
        replaced = {name: find(name, package=package) for name in promised_names()}
        return (
            [macro for macro in macros if find(macro.name, package=package) is None],
            [
                n
                for n, macro in replaced.items()
                if macro is not None and macro.unique_id not in seen
            ],
        )

    def _sight(self, made: MadeTest) -> tuple[Macro, frozenset[str]]:
        """The macro that dbt takes the test for, found without regard to a namespace, and all the macros
        that it lets the test see while it is parsed: that one and what it leads to."""
        name = f"test_{made.test_metadata.name}"
        own = self._host.registry.packages.get(made.package, {}).get(name)
        macro = own or self._by_name[name]
        if macro.unique_id not in self._seen:
            starts = [macro, *filter(None, [self._by_name.get(_WHERE)])]
            self._seen[macro.unique_id] = seen_by_test(starts, self._by_id)
        return macro, self._seen[macro.unique_id]

    def _config(self, made: MadeTest, calls: Iterable[Mapping[str, Any]] | None) -> dict[str, Any]:
        """The merged configuration. ``calls`` are ``config()`` calls of the test's macro; None where
        it was not rendered.

        The entry's configuration counts before and again after them, for dbt writes it into the raw
        code as well: its tags then stand twice.
        """
        layers = configs_for(self._host.config, "data_tests", made.fqn, made.package)
        if not made.config and not calls:
            return self._plain_config(layers)
        said = (made.config,) if calls is None else (made.config, *calls, made.config)
        return merge_configs([*layers.own, *said, *layers.root], "test")

    def _plain_config(self, layers: ConfigLayers) -> dict[str, Any]:
        """The configuration of a test that says nothing of it, nor its macro: one for each place in the project."""
        stacked = (*layers.own, *layers.root)
        key = tuple(map(id, stacked))
        if key not in self._plain:
            self._plain[key] = (stacked, merge_configs(stacked, "test"))
        config = self._plain[key][1].items()
        return {k: v.copy() if isinstance(v, dict | list) else v for k, v in config}

    def _unrendered(self, made: MadeTest, calls: Sequence[dict[str, Any]] | None) -> dict[str, Any]:
        config = self._host.config
        written = configs_for(config, "data_tests", made.fqn, made.package, rendered=False)
        if not made.config and not calls:
            return unrendered_config([*written.own, *written.root])
        called = Capture()
        called.config_calls += (
            [made.config] if calls is None else [made.config, *calls, made.config]
        )
        return unrendered_config([*written.own, called.config_call, *written.root])


def _target(patch: Patch) -> TestTarget:
    return TestTarget(
        section=patch.section,
        name=patch.name,
        file=_file(patch.package, patch.file),
        version=patch.version,
    )


def _source_target(tested: SourceTests) -> TestTarget:
    source = tested.source
    return TestTarget(
        section="sources",
        name=source.name,
        file=_file(source.package_name, source.original_file_path),
        source=source.source_name,
    )


def _file(package: str, path: str) -> ProjectFile:
    return ProjectFile(package=package, path=path, relative_path=path, root=Path())


def _by_place(nodes: Iterable[Node]) -> dict[tuple[str, str | None], Node]:
    """Relational nodes by name and package, those that are switched off by name alone; a version has its own key.

    dbt attaches a test to a node of its own package or to any that is off.
    """
    found: dict[tuple[str, str | None], Node] = {}
    for node in nodes:
        if node.is_relational:
            version = getattr(node, "version", None)
            name = f"{node.name} v{version}" if version is not None else node.name
            found[name, node.package_name] = node
            if not node.config.get("enabled", True):
                found.setdefault((name, None), node)
    return found


def _old_spellings(entry: TestEntry, target: TestTarget, rules: TestRules) -> Iterator[Fault]:
    if rules.nested_arguments:
        beside = (*CONFIG_KEYS, "config", "description", "name")
        yield from missing_arguments(entry, target.name, target.file.package, beside)
    else:
        yield from arguments_as_argument(entry)


def _attached(patch: Patch, known: dict[tuple[str, str | None], Node]) -> Node | None:
    name = f"{patch.name} v{patch.version}" if patch.version is not None else patch.name
    return known.get((name, patch.package)) or known.get((name, None))
