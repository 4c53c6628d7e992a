"""``on-run-start`` and ``on-run-end`` of every project to nodes (dbt's resource type ``operation``)."""

from __future__ import annotations

from collections.abc import Iterator

from tidemill.engine.jinja.capture import Capture
from tidemill.engine.jinja.macro_host import MacroHost
from tidemill.engine.nodes import DependsOn, Hook
from tidemill.engine.project.config import ProjectConfig
from tidemill.engine.project.config_trees import merge_configs
from tidemill.keys import unique_id

PROJECT_FILE = "dbt_project.yml"


def parse_hooks(host: MacroHost, project: ProjectConfig) -> Iterator[Hook]:
    """The hooks of one project, in the order of their lists. Raises what their Jinja raises."""
    for kind, statements in (
        ("on-run-start", project.on_run_start),
        ("on-run-end", project.on_run_end),
    ):
        for index, statement in enumerate(statements):
            yield _hook(host, project, kind, index, statement)


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
        index=index,
    )
    capture = Capture()
    host.session(hook, None, phase="parse", capture=capture).render(statement, file=PROJECT_FILE)
    config = merge_configs([*capture.config_calls, {"tags": [kind]}], "operation")
    return replace_captured(hook, capture, config=config)


def replace_captured(node: Hook, capture: Capture, config: dict[str, object]) -> Hook:
    """``node`` with what its template read."""
    import msgspec

    return msgspec.structs.replace(
        node,
        config=config,
        refs=tuple(capture.refs),
        sources=tuple(capture.sources),
        depends_on=DependsOn((), tuple(capture.macros)),
    )
