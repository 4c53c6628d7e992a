"""manifest.json, run_results.json, sources.json, catalog.json: the project and its runs as files that other tools read."""

from tidemill.engine.artifacts.graph_summary import graph_summary_json, write_graph_summary
from tidemill.engine.artifacts.manifest import CompiledPart, manifest_json, write_manifest
from tidemill.engine.artifacts.reading import manifest_from, read_manifest
from tidemill.engine.artifacts.run_results import run_results_json, write_run_results
from tidemill.engine.artifacts.semantic_manifest import (
    semantic_manifest_json,
    write_semantic_manifest,
)
from tidemill.engine.artifacts.sources import sources_json, write_sources
from tidemill.engine.artifacts.versions import DBT_VERSION, MANIFEST_SCHEMA, RUN_RESULTS_SCHEMA

__all__ = [
    "DBT_VERSION",
    "MANIFEST_SCHEMA",
    "RUN_RESULTS_SCHEMA",
    "CompiledPart",
    "graph_summary_json",
    "manifest_from",
    "manifest_json",
    "read_manifest",
    "run_results_json",
    "semantic_manifest_json",
    "sources_json",
    "write_graph_summary",
    "write_manifest",
    "write_run_results",
    "write_semantic_manifest",
    "write_sources",
]
