"""What dbt warns of when a project is sound, but something in it will trouble people later.

Models past their date, names with spaces or shared by a model and a seed, microbatches without times to filter by.
What stops a project is for ``governance``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from tidemill.engine.nodes import Manifest, Model, Node
from tidemill.engine.parsing.contract_rules import contract_notices
from tidemill.engine.parsing.governance import UNIQUE_NAMES, shared_names
from tidemill.engine.parsing.microbatch import is_microbatch
from tidemill.engine.parsing.spaced_names import spaced_name_notices
from tidemill.engine.project.config import RuntimeConfig
from tidemill.errors import Fault, Place, facts

NAME_SHARED = "name-shared"


def notices(
    manifest: Manifest, config: RuntimeConfig, *, now: dt.datetime, batches: bool
) -> Iterator[Fault]:
    """The warnings. ``batches`` says whether microbatch models run in batches."""
    yield from notices_of_each(manifest, now=now, batches=batches)
    yield from spaced_name_notices(manifest, config.project)
    if not config.project.flags.get(UNIQUE_NAMES):
        for first, second in shared_names(manifest):
            yield _notice(
                second,
                NAME_SHARED,
                f"Found resources with the same name '{second.name}' in package "
                f"'{second.package_name}': '{first.unique_id}' and '{second.unique_id}'",
                "rename one of them: dbt will refuse this",
                resource_name=second.name,
                package_name=second.package_name,
                unique_id1=first.unique_id,
                unique_id2=second.unique_id,
            )


def notices_of_each(
    manifest: Manifest, *, now: dt.datetime, batches: bool, known: Manifest | None = None
) -> Iterator[Fault]:
    """The warnings about single models; what they read is looked up in ``known`` where ``manifest`` is a part."""
    models = [node for node in manifest.nodes.values() if isinstance(node, Model)]
    whole = known or manifest
    yield from contract_notices(manifest)
    yield from _retired(models, now)
    yield from _references(models, whole, now)
    if batches:
        yield from _unfiltered(whole, models)


def _retired(models: Sequence[Model], now: dt.datetime) -> Iterator[Fault]:
    for model in models:
        if _is_past(model, now):
            yield _notice(
                model,
                "model-retired",
                f"Model {_name(model)} has passed its deprecation date of {model.deprecation_date}",
                "disable or remove it",
                model_name=model.name,
                model_version=_version(model),
                deprecation_date=str(model.deprecation_date),
            )


def _references(models: Sequence[Model], manifest: Manifest, now: dt.datetime) -> Iterator[Fault]:
    for reader in models:
        for key in reader.depends_on.nodes:
            read = manifest.nodes.get(key)
            if isinstance(read, Model) and read.deprecation_date:
                yield _reference(reader, read, now)


def _reference(reader: Model, model: Model, now: dt.datetime) -> Fault:
    is_past = _is_past(model, now)
    when = "was deprecated on" if is_past else "is slated for deprecation on"
    is_old = model.version is not None and model.version != model.latest_version
    newer = f"ref('{model.package_name}', '{model.name}', v='{model.latest_version}')"
    return _notice(
        reader,
        "ref-retired" if is_past else "ref-retiring",
        f"While compiling '{reader.name}': Found a reference to {_name(model)}, which {when} "
        f"'{model.deprecation_date}'",
        f"there is a newer version: {newer}" if is_old else None,
        model_name=reader.name,
        ref_model_package=model.package_name,
        ref_model_name=model.name,
        ref_model_version=_version(model),
        ref_model_latest_version=_shown(model.latest_version),
        ref_model_deprecation_date=str(model.deprecation_date),
    )


def _unfiltered(manifest: Manifest, models: Sequence[Model]) -> Iterator[Fault]:
    for model in models:
        if is_microbatch(model) and not any(
            _has_event_time(manifest, key) for key in model.depends_on.nodes
        ):
            yield _notice(
                model,
                "microbatch-unfiltered",
                f"The microbatch model '{model.name}' has no 'ref' or 'source' input with an "
                "'event_time' configuration: every batch reads all its rows",
                "set event_time on what it reads",
                model_name=model.name,
            )


def _has_event_time(manifest: Manifest, key: str) -> bool:
    read = manifest.nodes.get(key) or manifest.sources.get(key)
    return read is not None and bool(read.config.get("event_time"))


def _is_past(model: Model, now: dt.datetime) -> bool:
    date = model.deprecation_date
    return date is not None and dt.datetime.fromisoformat(date) < now


def _name(model: Model) -> str:
    return model.name if model.version is None else f"{model.name}.v{model.version}"


def _version(model: Model) -> str:
    return _shown(model.version)


def _shown(version: object) -> str:
    return "" if version is None else str(version)


def _notice(node: Node, code: str, message: str, hint: str | None, **known: str) -> Fault:
    return Fault(
        code=code,
        label="Warning",
        message=message,
        place=Place(file=node.original_file_path),
        hint=hint,
        facts=facts(**known),
    )
