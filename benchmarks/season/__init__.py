"""The example season built by each tool, beside the same SQL run by DuckDB alone."""
