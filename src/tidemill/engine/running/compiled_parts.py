"""What compiling and running added to nodes, in the form in which the manifest keeps it."""

from __future__ import annotations

from tidemill.engine.artifacts import CompiledPart
from tidemill.engine.compiling.code_files import CodeFiles
from tidemill.engine.compiling.compiler import Compiler


def compiled_parts(compiler: Compiler, files: CodeFiles) -> dict[str, CompiledPart]:
    """By unique id: everything that was compiled, and what was built without SQL of its own, such as seeds."""
    built = files.written["run"]
    parts = {
        unique_id: CompiledPart(
            code=compiled.code,
            path=compiled.path,
            build_path=built.get(unique_id),
            ctes=tuple((cte.unique_id, str(cte)) for cte in compiled.ctes),
            foreign_keys=compiled.foreign_keys,
        )
        for unique_id, compiled in compiler.compiled.items()
    }
    only_built = {unique_id: CompiledPart(build_path=path) for unique_id, path in built.items()}
    return only_built | parts
