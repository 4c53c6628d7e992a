"""CSV files to seed nodes. The rows are read when the seed runs."""

from __future__ import annotations

import hashlib

from tidemill.engine.jinja.macro_host import MacroHost
from tidemill.engine.nodes import Seed
from tidemill.engine.parsing.naming import Naming
from tidemill.engine.parsing.node_hooks import with_hooks
from tidemill.engine.parsing.patching import PatchIndex, patched
from tidemill.engine.project.config_trees import configs_for, merge_configs, unrendered_config
from tidemill.engine.project.files import ProjectFile
from tidemill.keys import unique_id

LARGEST_HASHED = 1024 * 1024
"""Bytes of the largest file whose content is hashed; a larger one counts by its path (dbt's rule)."""


def parse_seed(host: MacroHost, naming: Naming, file: ProjectFile, patches: PatchIndex) -> Seed:
    """The seed of one CSV file."""
    name, target = file.stem, host.config.target
    fqn = (file.package, *file.relative_path.split("/")[:-1], name)
    layers = configs_for(host.config, "seeds", fqn, file.package)
    patch = patches.find("seed", name, file.package)
    described = (patch.config,) if patch is not None else ()
    config = merge_configs([*layers.own, *described, *layers.root], "seed")
    written = configs_for(host.config, "seeds", fqn, file.package, rendered=False)
    seed = Seed(
        unique_id=unique_id("seed", file.package, name),
        resource_type="seed",
        name=name,
        package_name=file.package,
        path=file.relative_path,
        original_file_path=file.path,
        fqn=fqn,
        alias=name,
        schema=target.schema,
        database=target.database,
        config=config,
        unrendered_config=unrendered_config([*written.own, *described, *written.root]),
        checksum=_checksum(file),
        root_path=str(host.config.packages[file.package].root),
    )
    return with_hooks(host, naming.named(patched(seed, patch)))  # type: ignore[return-value]


def _checksum(file: ProjectFile) -> str:
    content = file.absolute.read_bytes()
    if len(content) > LARGEST_HASHED:
        return file.path
    return hashlib.sha256(content.decode(errors="replace").strip().encode()).hexdigest()
