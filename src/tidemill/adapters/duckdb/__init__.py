"""DuckDB: the embedded warehouse that a project runs on unless its profile names another."""
