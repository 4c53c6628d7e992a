"""Names to unique ids: what each node reads, once all nodes are known. Faults are gathered, not raised."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import msgspec

from tidemill.engine.jinja.not_found import function_not_found, ref_not_found, source_not_found
from tidemill.engine.nodes import DependsOn, Manifest, Model, Node, Ref, UnitTest
from tidemill.engine.parsing.unit_test_linking import LinkedUnitTests, link_unit_test
from tidemill.errors import CompilationError, Fault, ParsingError, Place, TidemillError, facts
from tidemill.events import FaultFound, Level


class Linked(msgspec.Struct, frozen=True):
    """The manifest with its dependencies, the faults that stop it, and those that only warn."""

    manifest: Manifest
    faults: tuple[Fault, ...]
    warnings: tuple[FaultFound, ...]


def link(
    manifest: Manifest,
    *,
    root: str,
    restricted: Collection[str] = (),
    known: Manifest | None = None,
) -> Linked:
    """Resolve every ref and source of nodes and exposures. ``restricted`` names the packages that set
    ``restrict-access``: their protected models are theirs alone. Names are looked up in ``known`` where
    ``manifest`` is a part of a project.

    A test whose parent does not exist is switched off with a warning (dbt's rule); for anything else that is a fault.
    """
    linker = _Linker(known or manifest, root, restricted)
    nodes = {key: linker.resource(node) for key, node in manifest.nodes.items()}
    functions = {key: linker.resource(value) for key, value in manifest.functions.items()}
    exposures = {key: linker.resource(value) for key, value in manifest.exposures.items()}
    unit_tests = [linker.unit_test(value) for value in manifest.unit_tests.values()]
    switched_off = [linked.disabled for linked in unit_tests if linked.disabled is not None]
    linked = msgspec.structs.replace(
        manifest,
        nodes=nodes,
        functions=functions,
        exposures=exposures,
        unit_tests={test.unique_id: test for linked in unit_tests for test in linked.enabled},
        disabled={**manifest.disabled, **{test.unique_id: (test,) for test in switched_off}},
        hooks=tuple(nodes[hook.unique_id] for hook in manifest.hooks),
    )
    return Linked(linked, tuple(linker.faults), tuple(linker.warnings))


class _Linker:
    def __init__(self, manifest: Manifest, root: str, restricted: Collection[str]) -> None:
        self._manifest = manifest
        self._root = root
        self._restricted = restricted
        self.faults: list[Fault] = []
        self.warnings: list[FaultFound] = []

    def resource(self, resource: Any) -> Any:
        functions = getattr(resource, "functions", ())
        if not resource.refs and not resource.sources and not functions:
            return resource
        found: dict[str, None] = {}
        complete = True
        for source in resource.sources:
            complete &= self._source(resource, source, found)
        for ref in resource.refs:
            complete &= self._ref(resource, ref, found)
        for function in functions:
            complete &= self._function(resource, function, found)
        depends = DependsOn(tuple(found), resource.depends_on.macros)
        if not complete and resource.resource_type == "test":
            return msgspec.structs.replace(
                resource, depends_on=depends, config={**resource.config, "enabled": False}
            )
        return msgspec.structs.replace(resource, depends_on=depends)

    def unit_test(self, test: UnitTest) -> LinkedUnitTests:
        try:
            return link_unit_test(test, self._manifest, root=self._root)
        except ParsingError as error:
            self.faults.append(error.fault)
            return LinkedUnitTests()

    def _ref(self, resource: Any, ref: Ref, found: dict[str, None]) -> bool:
        package = resource.package_name
        target = self._manifest.find_ref(ref, package=package, root=self._root)
        if target is None:
            self._report(resource, ref_not_found(ref, self._manifest))
            return False
        reason = self._refused(resource, target)
        if reason is not None:
            self._report(resource, reason)
            return False
        found[target.unique_id] = None
        self._warn_of_root(resource, ref, target)
        return True

    def _warn_of_root(self, resource: Any, ref: Ref, target: Node) -> None:
        """dbt's warning for a package that reads the root project without naming it."""
        package, root = resource.package_name, self._root
        if package == root or target.package_name != root or ref.package == root:
            return
        fault = Fault(
            code="ref-root",
            label="Warning",
            message=f"The node '{resource.name}' in package '{package}' depends on the root project "
            f"node '{target.unique_id}'",
            place=Place(file=resource.original_file_path),
            hint="set the flag require_ref_searches_node_package_before_root, and the package's own "
            "nodes come first",
            facts=facts(
                node_name=resource.name,
                package_name=package,
                root_project_unique_id=target.unique_id,
            ),
        )
        self.warnings.append(FaultFound(fault=fault, level="warn"))

    def _refused(self, resource: Any, target: Node) -> TidemillError | None:
        """dbt's access rules: private models within their group, protected ones within their package."""
        if not isinstance(target, Model) or target.access not in {"private", "protected"}:
            return None
        if target.access == "private":
            foreign = target.package_name in self._restricted and self._crosses(resource, target)
            allowed = target.group is not None and target.group == getattr(resource, "group", None)
            if not foreign and (allowed or resource.resource_type == "test"):
                return None
            scope = f"group '{target.group}'"
        else:
            if target.package_name not in self._restricted:
                return None
            if not self._crosses(resource, target):
                return None
            scope = f"package '{target.package_name}'"
        return CompilationError(
            f"attempted to reference node {target.unique_id}, which is not allowed because the "
            f"referenced node is {target.access} to the {scope}",
            code="ref-access",
            hint=f"use a public model, or change 'access' of '{target.name}'",
        )

    @staticmethod
    def _crosses(resource: Any, target: Node) -> bool:
        return bool(target.package_name != resource.package_name)

    def _source(self, resource: Any, names: tuple[str, str], found: dict[str, None]) -> bool:
        target = self._manifest.find_source(*names, package=resource.package_name, root=self._root)
        if target is None:
            self._report(resource, source_not_found(*names, self._manifest))
            return False
        found[target.unique_id] = None
        return True

    def _function(self, resource: Any, names: tuple[str, ...], found: dict[str, None]) -> bool:
        package = names[0] if len(names) == 2 else None
        target = self._manifest.find_function(
            names[-1], package, package=resource.package_name, root=self._root
        )
        if target is None:
            self._report(resource, function_not_found(names[-1], self._manifest))
            return False
        found[target.unique_id] = None
        return True

    def _report(self, resource: Any, error: TidemillError) -> None:
        fault = located(error, resource)
        if resource.resource_type == "test":
            level: Level = "debug" if fault.code.endswith("-disabled") else "warn"
            self.warnings.append(FaultFound(fault=fault, level=level))
        else:
            self.faults.append(fault)


def located(error: TidemillError, resource: Any) -> Fault:
    """The error's fault with the resource and its file, where it has none yet."""
    place = Place(file=resource.original_file_path, line=_line_of(error, resource))
    return error.located(node=resource.unique_id, place=place).fault


def _line_of(error: TidemillError, resource: Any) -> int | None:
    """The first line of the raw code that names what was not found."""
    code = getattr(resource, "raw_code", "")
    words = [word for word in error.fault.message.split("'")[1::2] if word]
    if not code or not words:
        return getattr(resource, "line", None)
    name = words[0].rpartition(".")[2]
    for number, text in enumerate(code.splitlines(), start=getattr(resource, "line", 1)):
        if f"'{name}'" in text or f'"{name}"' in text:
            return number
    return getattr(resource, "line", None)


def duplicates(resources: Iterable[Any]) -> list[Fault]:
    """A fault for each pair of resources that share a unique id."""
    seen: dict[str, Any] = {}
    faults: list[Fault] = []
    for resource in resources:
        first = seen.setdefault(resource.unique_id, resource)
        if first is not resource:
            faults.append(located(same_name(first, resource), resource))
    return faults


_PLURALS = {"analysis": "analyses", "saved_query": "saved_queries", "test": "data_tests"}


def same_name(first: Any, second: Any, kinds: str | None = None) -> TidemillError:
    """The error for two resources of one name; ``kinds`` says what they are when not of one type."""
    kind = second.resource_type
    many = kinds or _PLURALS.get(kind, f"{kind}s")
    return CompilationError(
        f'dbt found two {many} with the name "{second.name}".\n'
        f"Since these resources have the same name, it is not clear which one is meant:\n"
        f"- {first.unique_id} ({first.original_file_path})\n"
        f"- {second.unique_id} ({second.original_file_path})",
        code="name-duplicate",
        hint="rename one of them",
    )
