"""A node's template to what it reads and sets: statically where that is proven equal, else by rendering."""

from __future__ import annotations

from tidemill.engine.jinja.capture import Capture
from tidemill.engine.jinja.macro_host import MacroHost
from tidemill.engine.jinja.resolvers import ref_of, source_of
from tidemill.engine.nodes import Node
from tidemill.engine.parsing.python_models import read_python_model
from tidemill.engine.parsing.static import Call, static_calls

_STATIC_NAMES = ("ref", "source", "config", "this")


class TemplateReader:
    """Reads the templates of a project's nodes."""

    def __init__(self, host: MacroHost) -> None:
        self._host = host
        self._overridden: dict[str, bool] = {}

    def read(self, node: Node) -> Capture:
        """What ``node``'s raw code reads and sets. Raises CompilationError with its place."""
        if node.language == "python" and node.resource_type == "function":
            return Capture()  # its body is the warehouse's business
        if node.language == "python":
            return read_python_model(node)
        if not self._overrides_builtins(node.package_name):
            calls = static_calls(node.raw_code)
            if calls is not None:
                return _captured(calls)
        capture = Capture()
        session = self._host.session(node, None, phase="parse", capture=capture)
        session.render(node.raw_code, file=node.original_file_path, line=node.line)
        return capture

    def _overrides_builtins(self, package: str) -> bool:
        """Whether the project has macros named as what the static reader knows."""
        known = self._overridden.get(package)
        if known is None:
            find = self._host.registry.find
            known = any(find(name, package=package) is not None for name in _STATIC_NAMES)
            self._overridden[package] = known
        return known


def _captured(calls: tuple[Call, ...]) -> Capture:
    capture = Capture()
    for call in calls:
        if call.name == "ref":
            capture.refs.append(ref_of(call.args, call.kwargs))
        elif call.name == "source":
            capture.sources.append(source_of(call.args))
        else:
            capture.configure(*call.args, **call.kwargs)
    return capture
