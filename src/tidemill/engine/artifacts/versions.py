"""Which versions the artifacts claim. Why these: docs/decisions/10-artifact-versions.md."""

from __future__ import annotations

from tidemill.engine.project.config import DBT_VERSION

__all__ = [
    "CATALOG_SCHEMA",
    "DBT_VERSION",
    "MANIFEST_SCHEMA",
    "RUN_RESULTS_SCHEMA",
    "SOURCES_SCHEMA",
]

MANIFEST_SCHEMA = "https://schemas.getdbt.com/dbt/manifest/v12.json"
SOURCES_SCHEMA = "https://schemas.getdbt.com/dbt/sources/v3.json"
CATALOG_SCHEMA = "https://schemas.getdbt.com/dbt/catalog/v1.json"
RUN_RESULTS_SCHEMA = "https://schemas.getdbt.com/dbt/run-results/v6.json"
