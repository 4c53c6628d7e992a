"""Entries of ``exposures`` and ``groups`` to resources. Descriptions are not rendered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tidemill.engine.nodes import Exposure, Group, Ref
from tidemill.engine.parsing.property_entries import Entry
from tidemill.engine.parsing.references import reference_of
from tidemill.engine.project.config import RuntimeConfig
from tidemill.engine.project.config_merging import listed
from tidemill.engine.project.config_trees import configs_for, merge_configs, unrendered_config
from tidemill.errors import ParsingError
from tidemill.keys import unique_id


def make_exposure(entry: Entry, config: RuntimeConfig) -> Exposure:
    """The exposure of one entry. Raises ParsingError for an owner without a name, or unreadable parents."""
    values, file = entry.values, entry.file
    fqn = (file.package, *file.relative_path.split("/")[:-1], entry.name)
    layers = configs_for(config, "exposures", fqn, file.package)
    written = configs_for(config, "exposures", fqn, file.package, rendered=False)
    refs, sources, metrics = _parents(entry)
    return Exposure(
        unique_id=unique_id("exposure", file.package, entry.name),
        name=entry.name,
        package_name=file.package,
        path=file.relative_path,
        original_file_path=file.path,
        fqn=fqn,
        type=values["type"],
        owner=_owner(entry),
        description=values.get("description") or "",
        label=values.get("label"),
        maturity=values.get("maturity"),
        url=values.get("url"),
        config=_merged(
            merge_configs([*layers.own, entry.config, *layers.root], "exposure"),
            config.packages[file.package].configs.get("exposures", {}),
            values,
        ),
        unrendered_config=unrendered_config([*written.own, entry.config, *written.root]),
        refs=tuple(refs),
        sources=tuple(sources),
        metrics=tuple(metrics),
        line=entry.line,
    )


def make_group(entry: Entry, config: RuntimeConfig) -> Group:
    """The group of one entry. Raises ParsingError for an owner without a name.

    Groups have no section in the project file; dbt configures them with what it says of models.
    """
    file = entry.file
    fqn = (file.package, *file.relative_path.split("/")[:-1], entry.name)
    layers = configs_for(config, "models", fqn, file.package)
    merged = merge_configs([*layers.own, entry.config, *layers.root], "group")
    return Group(
        unique_id=unique_id("group", file.package, entry.name),
        name=entry.name,
        package_name=file.package,
        path=file.relative_path,
        original_file_path=file.path,
        owner=_owner(entry),
        description=entry.values.get("description"),
        config=merged,
    )


def _owner(entry: Entry) -> dict[str, Any]:
    owner: dict[str, Any] = entry.values["owner"]
    if owner.get("name") is None and owner.get("email") is None:
        raise ParsingError(
            f"the owner of the {entry.section[:-1]} '{entry.name}' needs 'name' or 'email'",
            code="owner",
            place=entry.place_of(("owner",)),
        )
    return {"email": owner.get("email"), "name": owner.get("name"), **owner}


def _merged(
    merged: dict[str, Any], section: Mapping[str, Any], values: Mapping[str, Any]
) -> dict[str, Any]:
    """dbt's own rule for exposures: tags and meta of the project, the entry and its config together."""
    tags = {*listed(section.get("tags") or []), *(values.get("tags") or ()), *merged["tags"]}
    meta = {**(section.get("meta") or {}), **(values.get("meta") or {}), **merged["meta"]}
    return {**merged, "tags": sorted(tags), "meta": meta}


def _parents(
    entry: Entry,
) -> tuple[list[Ref], list[tuple[str, str]], list[tuple[str, ...]]]:
    refs: list[Ref] = []
    sources: list[tuple[str, str]] = []
    metrics: list[tuple[str, ...]] = []
    for index, text in enumerate(entry.values.get("depends_on") or ()):
        found = reference_of(text)
        if found is None:
            raise ParsingError(
                f"'{text}' in 'depends_on' of '{entry.name}' is no ref, source or metric",
                code="reference",
                place=entry.place_of(("depends_on", index)),
                hint="write it as ref('orders') or source('shop', 'orders')",
            )
        if found.ref is not None:
            refs.append(found.ref)
        elif found.source is not None:
            sources.append(found.source)
        elif found.metric is not None:
            metrics.append(found.metric)
    return refs, sources, metrics
