"""``ref.config``: what packages read of the project and its target."""

from __future__ import annotations

from tidemill.engine.jinja.tables import AttributeDict
from tidemill.engine.project.config import RuntimeConfig


class RuntimeNames:
    """What packages read of dbt's RuntimeConfig, by its names. No credentials but database and schema."""

    def __init__(self, config: RuntimeConfig) -> None:
        project, target = config.project, config.target
        self.project_name = project.name
        self.project_root = str(project.root)
        self.version = project.version
        self.target_name = target.name
        self.profile_name = target.profile_name
        self.threads = target.threads
        self.target_path = project.target_path
        self.packages_install_path = project.packages_install_path
        self.model_paths = list(project.model_paths)
        self.quoting = dict(project.quoting)
        self.vars = AttributeDict(vars=dict(project.vars), to_dict=lambda: dict(project.vars))
        self.cli_vars = dict(config.cli_vars)
        self.args = AttributeDict(config.arguments)
        self.dependencies = {
            name: package
            for name, package in config.packages.items()
            if name not in config.internal_packages
        }
        self.credentials = AttributeDict(
            type=target.type, database=target.database, schema=target.schema
        )
