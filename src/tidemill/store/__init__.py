"""What survives a restart: runs, their nodes, messages and events, in SQLite beside the project."""
