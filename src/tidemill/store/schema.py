"""The tables of the store, as SQLAlchemy Core sees them.

The migrations create them; a test holds both together. No query and no connection is made here.
Times are Unix seconds. JSON is kept as text, written and read by msgspec.
"""

from __future__ import annotations

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, MetaData, String, Table, Text

metadata = MetaData()

runs = Table(
    "runs",
    metadata,
    Column("ordinal", Integer, primary_key=True, autoincrement=True),
    Column("run_id", String, nullable=False, unique=True),
    Column("command", String, nullable=False),
    Column("arguments", Text, nullable=False),
    Column("project", String, nullable=False),
    Column("target", String, nullable=False),
    Column("threads", Integer, nullable=False),
    # Who started it: cli, server or python.
    Column("source", String, nullable=False),
    Column("status", String, nullable=False),
    Column("started_at", Float, nullable=False),
    Column("finished_at", Float),
    Column("seconds", Float),
    Column("total", Integer, nullable=False),
    # Status to number of finished nodes, so that a list of runs reads one row for each.
    Column("counts", Text, nullable=False),
    # The process that runs it, so that a reader can see when it is gone.
    Column("host", String, nullable=False),
    Column("pid", Integer, nullable=False),
    Column("process_started", String, nullable=False),
    Column("heartbeat_at", Float, nullable=False),
    Index("runs_by_status", "status"),
    sqlite_autoincrement=True,
)

run_nodes = Table(
    "run_nodes",
    metadata,
    Column("run", ForeignKey("runs.ordinal", ondelete="CASCADE"), primary_key=True),
    Column("unique_id", String, primary_key=True),
    # Place in the order of the run, from 1.
    Column("position", Integer, nullable=False),
    Column("name", String, nullable=False),
    Column("resource_type", String, nullable=False),
    Column("depends_on", Text, nullable=False),
    Column("status", String, nullable=False),
    Column("started_at", Float),
    Column("finished_at", Float),
    Column("seconds", Float),
    Column("description", Text, nullable=False, default=""),
    Column("message", Text, nullable=False, default=""),
    Column("rows_affected", Integer),
    Column("failures", Integer),
    Column("relation", String),
    Column("compiled_path", String),
    Column("thread", String, nullable=False, default=""),
    Column("fault", Text),
    Index("run_nodes_by_node", "unique_id", "run"),
)

node_states = Table(
    "node_states",
    metadata,
    # The newest that is known of each node on each target: what a graph of thousands is coloured by.
    Column("target", String, primary_key=True),
    Column("unique_id", String, primary_key=True),
    Column("run_id", String, nullable=False),
    Column("status", String, nullable=False),
    Column("started_at", Float),
    Column("finished_at", Float),
    Column("seconds", Float),
    Column("message", Text, nullable=False, default=""),
    Column("rows_affected", Integer),
    Column("failures", Integer),
)

messages = Table(
    "messages",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("run", ForeignKey("runs.ordinal", ondelete="CASCADE"), nullable=False),
    Column("at", Float, nullable=False),
    Column("level", String, nullable=False),
    Column("text", Text, nullable=False),
    Column("node", String),
    Column("code", String),
    Column("fault", Text),
    Index("messages_by_run", "run", "id"),
)

events = Table(
    "events",
    metadata,
    # Never used twice, even after old events were removed: a reader's place in the log stays true.
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("run_id", String),
    Column("at", Float, nullable=False),
    Column("type", String, nullable=False),
    Column("body", Text, nullable=False),
    Index("events_by_run", "run_id", "seq"),
    sqlite_autoincrement=True,
)
