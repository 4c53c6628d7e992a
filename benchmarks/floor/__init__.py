"""What DuckDB alone needs: the statements of a build, kept while it runs, and sent again without any tool."""
