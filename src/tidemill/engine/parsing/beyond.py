"""Who notices a change in another file: the files to parse beside those that were edited, and why.

A resource that comes, goes or moves concerns those who read it, those who wait for its name, and what describes it.
The semantic layer is taken as one. What a rule of the whole project looks at (versions, batches, hooks) is left to a
whole parse.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from tidemill.engine.jinja.macro_host import MacroHost
from tidemill.engine.jinja.relations import node_relation
from tidemill.engine.nodes import GenericTest, Manifest, Model, Node, Seed, UnitTest
from tidemill.engine.nodes.section import is_enabled, outlines_of
from tidemill.engine.parsing.cache.changes import WholeNeededError
from tidemill.engine.parsing.microbatch import is_microbatch
from tidemill.engine.parsing.reach import LAYER, SECTIONS
from tidemill.engine.parsing.references import reference_of
from tidemill.engine.parsing.semantic_rules import is_spine
from tidemill.engine.project.reads import Unit

_IS_INCREMENTAL = "macro.dbt.is_incremental"
_SELF = ("resource_type", "name", "package_name", "fqn")
_RELATION = ("relation_name", "schema", "alias", "database")
_FOR_READERS = ("group", "access", "deprecation_date")
_FOR_ALL = ("version", "latest_version")
_LAYER_KINDS = frozenset({"metric", "semantic_model", "saved_query"})
_STANDING_ON = _LAYER_KINDS | {"unit_test"}
"""Kinds that know the relation of a model."""


class Beyond:
    """What a part of a project, parsed anew, means for the rest of it."""

    def __init__(
        self,
        old: Manifest,
        part: Manifest,
        replaced: Mapping[str, set[str]],
        parsed: Collection[Unit],
        host: MacroHost,
    ) -> None:
        """``part`` is what the files ``parsed`` make now, ``replaced`` what they made before."""
        self._old = old
        self._part = part
        self._replaced = replaced
        self._parsed = parsed
        self._host = host
        self._units: dict[Unit, str] = {}
        self.names_differ = False
        """Whether something came or went that has a name and a place in the project."""

    def units(self) -> dict[Unit, str]:
        """The files that notice something. Raises WholeNeededError."""
        gone, here = self._replaced["nodes"], self._part.nodes
        for key in sorted(gone - here.keys()):
            self._node_went(self._old.nodes[key])
        for key, node in here.items():
            if key not in gone:
                self._node_came(node)
            else:
                self._node_changed(self._old.nodes[key], node)
        self._functions()
        self._sources()
        self._groups()
        self._switched_off()
        self._layer()
        self._count()
        return {unit: why for unit, why in self._units.items() if unit not in self._parsed}

    # -- nodes -------------------------------------------------------------------------------

    def _node_went(self, node: Node) -> None:
        if isinstance(node, GenericTest):
            return
        self._check_alone(node)
        why = f"'{node.name}' is gone"
        self._add(self._readers(node.unique_id), why)
        self._add(self._with_rows_of(node), why)
        self._add(_described_in(node), why)
        self._name_differs(why)

    def _node_came(self, node: Node) -> None:
        if isinstance(node, GenericTest):
            return
        self._check_alone(node)
        self._check_relation(node)
        self._add(_described_in(node), f"'{node.name}' is new")
        self._name_differs(f"'{node.name}' is new")

    def _node_changed(self, before: Node, after: Node) -> None:
        if after.resource_type == "test":
            return
        self._check_same(before, after)
        key = after.unique_id
        if _differ(before, after, _RELATION) or before.is_ephemeral != after.is_ephemeral:
            self._check_relation(after)
            self._add(self._standing_on(key), f"'{after.name}' has another relation")
        readers = [name for name in _FOR_READERS if _differ(before, after, (name,))]
        if before.config.get("event_time") != after.config.get("event_time"):
            readers.append("event_time")
        if readers:
            why = f"'{after.name}' has another {readers[0].replace('_', ' ')}"
            self._add(self._readers(key), why)
            self._add(_described_in(before), why)
            self._add(self._waiting(), why)
        if _is_incremental(before) != _is_incremental(after):
            self._add(
                self._standing_on(key), f"'{after.name}' asks whether it is incremental, or did"
            )
        self._add(self._with_rows_of(after), f"it takes rows of '{after.name}'")

    def _check_same(self, before: Node, after: Node) -> None:
        names = (*_SELF, *(_FOR_ALL if isinstance(after, Model) else ()))
        for name in names:
            if _differ(before, after, (name,)):
                raise WholeNeededError(f"{after.unique_id} has another {name.replace('_', ' ')}")
        if is_microbatch(before) != is_microbatch(after) or _batches(before) != _batches(after):
            raise WholeNeededError(f"{after.unique_id} runs in batches, or did")

    def _check_alone(self, node: Node) -> None:
        """Refuse a node that comes or goes and of which more than its name is known elsewhere."""
        if any(_differ(node, None, (name,)) for name in _FOR_ALL):
            raise WholeNeededError(f"{node.unique_id} is of a kind that others look at")
        if is_microbatch(node) or _batches(node) or " " in node.name:
            raise WholeNeededError(f"{node.unique_id} is of a kind that others look at")
        mine = node.unique_id, node.package_name, node.original_file_path
        for other in self._named(node.name):
            if (other.unique_id, other.package_name, other.original_file_path) != mine:
                raise WholeNeededError(f"'{node.name}' is the name of several resources")

    def _named(self, name: str) -> Iterator[Node]:
        """Nodes of one name, also those that are switched off."""
        yield from self._old.refable.get(name, ())
        yield from (node for node in self._part.nodes.values() if node.name == name)
        for found in (*self._old.disabled.values(), *self._part.disabled.values()):
            yield from (r for r in found if r.name == name and isinstance(r, Node))

    def _check_relation(self, node: Node) -> None:
        """Refuse a relation that another node has: that is a fault of both."""
        if not node.is_relational:
            return
        alias = node.alias.lower()
        others = [
            self._part.nodes.get(other.unique_id) or self._old.nodes[other.unique_id]
            for other in (*outlines_of(self._old.nodes), *self._part.nodes.values())
            if other.is_relational
            and other.unique_id != node.unique_id
            and (other.alias or "").lower() == alias
        ]
        relation = self._relation(node)
        for other in others:
            if self._relation(other) == relation:
                raise WholeNeededError(f"{other.unique_id} has the relation of {node.unique_id}")

    def _relation(self, node: Node) -> str:
        return str(node_relation(self._host.adapter, node, self._host.quoting)).lower()

    def _functions(self) -> None:
        gone, here = self._replaced["functions"], self._part.functions
        for key in sorted(gone ^ here.keys()):
            function = here.get(key) or self._old.functions[key]
            others = (*self._old.functions.values(), *here.values())
            if any(o.name == function.name and o.unique_id != key for o in others):
                raise WholeNeededError(f"'{function.name}' is the name of several functions")
            why = f"the function '{function.name}' is {'new' if key in here else 'gone'}"
            self._add(self._readers(key), why)
            self._add(_described_in(function), why)
            self._name_differs(why)

    # -- sources, and what is switched off ---------------------------------------------------

    def _sources(self) -> None:
        gone, here = self._replaced["sources"], self._part.sources
        for key in sorted(gone | here.keys()):
            before = self._old.sources.get(key) if key in gone else None
            after = here.get(key)
            source = after or before
            if source is None:
                continue
            name = f"{source.source_name}.{source.name}"
            if before is None or after is None:
                self._check_source(key, source.source_name, source.name)
                why = f"the source '{name}' is {'new' if after else 'gone'}"
                self._add(self._readers(key), why)
                self._name_differs(why)
            elif before.config.get("event_time") != after.config.get("event_time"):
                self._add(self._readers(key), f"the source '{name}' has another event time")

    def _check_source(self, key: str, source: str, table: str) -> None:
        others = (
            other
            for other in outlines_of(self._old.sources)
            if (other.source_name, other.name) == (source, table) and other.unique_id != key
        )
        if any(others):
            raise WholeNeededError(f"the source '{source}.{table}' is there in several packages")

    def _groups(self) -> None:
        """A group that is gone is a fault of those who are in it."""
        gone = {self._old.groups[key].name for key in self._replaced["groups"]}
        gone -= {group.name for group in self._part.groups.values()}
        if not gone:
            return
        for section in ("nodes", *LAYER):
            for outline in outlines_of(getattr(self._old, section)):
                if outline.group in gone:
                    unit = outline.package_name, outline.original_file_path
                    self._add([unit], f"the group '{outline.group}' is gone")

    def _switched_off(self) -> None:
        """What names a node that is switched off, or was, is told of it."""
        before = self._was_off
        for key in before.keys() ^ self._part.disabled.keys():
            resource = before.get(key) or self._part.disabled[key][0]
            why = f"'{resource.name}' is switched off, or was"
            self._add(self._tests_off(resource.name), why)
            if isinstance(resource, Node):
                self._add(_described_in(resource), why)
            self._name_differs(why)

    def _layer(self) -> None:
        """The semantic layer is looked at as a whole, with its time spines."""
        spines = [*self._part.nodes.values(), *self._before("nodes")]
        kinds = {key.partition(".")[0] for key in (*self._was_off, *self._part.disabled)}
        if (
            any(self._replaced[name] or getattr(self._part, name) for name in LAYER)
            or kinds & _LAYER_KINDS
            or (self._old.semantic_models and any(map(is_spine, spines)))
        ):
            self._add(self._layer_units(), "it is part of the semantic layer")

    def _layer_units(self) -> Iterator[Unit]:
        for section in LAYER:
            for outline in outlines_of(getattr(self._old, section)):
                yield outline.package_name, outline.original_file_path
        for found in self._old.disabled.values():
            for resource in found:
                if resource.resource_type in _LAYER_KINDS:
                    yield resource.package_name, resource.original_file_path
        for section in ("nodes", "exposures"):
            for outline in outlines_of(getattr(self._old, section)):
                names_metric = any(key.startswith("metric.") for key in outline.depends_on.nodes)
                if names_metric or (section == "nodes" and is_spine(outline)):
                    yield outline.package_name, outline.original_file_path

    def _count(self) -> None:
        """Whether paths of the project file may configure something else than before."""
        for section in SECTIONS:
            here: Mapping[str, Any] = getattr(self._part, section)
            self.names_differ |= self._replaced[section] != set(here)

    def _before(self, section: str) -> Iterator[Any]:
        return (getattr(self._old, section)[key] for key in self._replaced[section])

    @cached_property
    def _was_off(self) -> Mapping[str, Any]:
        """What the files that are parsed made and switched off."""
        return {
            key: resource
            for key, found in self._old.disabled.items()
            for resource in found
            if (resource.package_name, resource.original_file_path) in self._parsed
        }

    # -- who ---------------------------------------------------------------------------------

    def _add(self, units: Iterable[Unit], why: str) -> None:
        for unit in units:
            self._units.setdefault(unit, why)

    def _name_differs(self, why: str) -> None:
        self.names_differ = True
        self._add(self._waiting(), why)

    def _readers(self, key: str) -> Iterator[Unit]:
        """Files of what reads a resource. Raises WholeNeededError."""
        for reader in self._reading.get(key, ()):
            if reader.resource_type == "operation":
                raise WholeNeededError(f"the hook {reader.unique_id} reads {key}")
            yield reader.package_name, reader.original_file_path

    @cached_property
    def _reading(self) -> Mapping[str, list[Any]]:
        """What reads each resource, in outline."""
        found: dict[str, list[Any]] = {}
        for section in ("nodes", "functions", "exposures", "unit_tests", *LAYER):
            for outline in outlines_of(getattr(self._old, section)):
                for key in outline.depends_on.nodes:
                    found.setdefault(key, []).append(outline)
        return found

    def _standing_on(self, key: str) -> Iterator[Unit]:
        """Files of what knows the relation of a model."""
        for reader in self._reading.get(key, ()):
            if reader.resource_type in _STANDING_ON:
                yield reader.package_name, reader.original_file_path

    def _with_rows_of(self, node: Node) -> Iterator[Unit]:
        """Files of unit tests that may take rows from a seed."""
        if isinstance(node, Seed):
            # Which rows are a seed's own is not known any more.
            for test in self._old.unit_tests.values():
                if any(_names(rows.get("input"), node.name) for rows in test.given):
                    yield test.package_name, test.original_file_path

    def _waiting(self) -> Iterator[Unit]:
        """Files of tests that are switched off, for a resource that they name is not there, or not for them."""
        for node in outlines_of(self._old.nodes):
            if not is_enabled(node):
                yield node.package_name, node.original_file_path

    def _tests_off(self, name: str) -> Iterator[Unit]:
        """Files of unit tests that are switched off with their model."""
        for found in self._old.disabled.values():
            for resource in found:
                if isinstance(resource, UnitTest) and resource.model == name:
                    yield resource.package_name, resource.original_file_path


def _differ(before: Any, after: Any, names: Iterable[str]) -> bool:
    return any(getattr(before, name, None) != getattr(after, name, None) for name in names)


def _described_in(node: Node) -> Iterator[Unit]:
    if node.patch_path:
        package, _, path = node.patch_path.partition("://")
        yield package, path


def _batches(node: Node) -> Any:
    return node.config.get("concurrent_batches")


def _is_incremental(node: Node) -> bool:
    return _IS_INCREMENTAL in node.depends_on.macros


def _names(text: Any, name: str) -> bool:
    found = reference_of(text) if isinstance(text, str) else None
    return found is not None and found.ref is not None and found.ref.name == name
