"""``on-run-start`` and ``on-run-end`` of every project to nodes (dbt's resource type ``operation``)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import msgspec

from tidemill.engine.jinja.capture import Capture
from tidemill.engine.jinja.macro_host import MacroHost
from tidemill.engine.nodes import DependsOn, Hook
from tidemill.engine.parsing.naming import Naming
from tidemill.engine.parsing.node_hooks import with_hooks
from tidemill.engine.project.config import ProjectConfig
from tidemill.engine.project.config_trees import configs_for, merge_configs, unrendered_config
from tidemill.engine.project.project_file import PROJECT_FILE
from tidemill.engine.project.reads import PROJECT_TEXT, note
from tidemill.keys import unique_id


def parse_hooks(host: MacroHost, naming: Naming, project: ProjectConfig) -> Iterator[Hook]:
    """The hooks of one project, in the order of their lists. Raises what their Jinja raises."""
    for kind, statements in (
        ("on-run-start", project.on_run_start),
        ("on-run-end", project.on_run_end),
    ):
        for index, statement in enumerate(statements):
            yield naming.named(_hook(host, project, kind, index, statement))


def _hook(host: MacroHost, project: ProjectConfig, kind: str, index: int, statement: str) -> Hook:
    name = f"{project.name}-{kind}-{index}"
    target = host.config.target
    hook = Hook(
        unique_id=unique_id("operation", project.name, name),
        resource_type="operation",
        name=name,
        package_name=project.name,
        path=f"hooks/{name}.sql",
        original_file_path=f"./{PROJECT_FILE}",
        fqn=(project.name, "hooks", name),
        alias=name,
        schema=target.schema,
        database=target.database,
        config=merge_configs([], "operation"),
        raw_code=statement,
        checksum=_checksum(project),
        index=index,
    )
    capture = Capture()
    host.session(hook, None, phase="parse", capture=capture).render(statement, file=PROJECT_FILE)
    return with_hooks(host, _configured(host, hook, capture))  # type: ignore[return-value]


def _checksum(project: ProjectConfig) -> str:
    """dbt counts a hook as changed when anything in its file has."""
    note(PROJECT_TEXT, project.name)
    text = (project.root / PROJECT_FILE).read_text("utf-8")
    return hashlib.sha256(text.strip().encode()).hexdigest()


def _configured(host: MacroHost, node: Hook, capture: Capture) -> Hook:
    """``node`` with what its template read. Its configuration is that of a model (dbt's rule)."""
    layers = configs_for(host.config, "models", node.fqn, node.package_name)
    written = configs_for(host.config, "models", node.fqn, node.package_name, rendered=False)
    calls = capture.config_calls
    return msgspec.structs.replace(
        node,
        config=merge_configs([*layers.own, *calls, *layers.root], "operation"),
        unrendered_config=unrendered_config([*written.own, *calls, *written.root]),
        refs=tuple(capture.refs),
        sources=tuple(capture.sources),
        depends_on=DependsOn((), tuple(capture.macros)),
    )
