"""Which versions the artifacts claim. Why these: docs/decisions, "artifact versions"."""

from __future__ import annotations

DBT_VERSION = "1.11.16"
"""The dbt-core release whose artifacts ours equal, and against which tests hold them."""

MANIFEST_SCHEMA = "https://schemas.getdbt.com/dbt/manifest/v12.json"
RUN_RESULTS_SCHEMA = "https://schemas.getdbt.com/dbt/run-results/v6.json"
