"""Runs, their nodes and messages, the newest state of each node, and the event log."""

from __future__ import annotations

import time

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables of the first version."""
    _create_runs()
    _create_run_nodes()
    _create_node_states()
    _create_messages()
    _create_events()


def downgrade() -> None:
    """Drop all of them."""
    for table in ("events", "messages", "node_states", "run_nodes", "runs"):
        op.drop_table(table)


def _create_runs() -> None:
    op.create_table(
        "runs",
        sa.Column("ordinal", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("run_id", sa.String, nullable=False, unique=True),
        sa.Column("command", sa.String, nullable=False),
        sa.Column("arguments", sa.Text, nullable=False),
        sa.Column("project", sa.String, nullable=False),
        sa.Column("target", sa.String, nullable=False),
        sa.Column("threads", sa.Integer, nullable=False),
        sa.Column("source", sa.String, nullable=False),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("started_at", sa.Float, nullable=False),
        sa.Column("finished_at", sa.Float),
        sa.Column("seconds", sa.Float),
        sa.Column("total", sa.Integer, nullable=False),
        sa.Column("counts", sa.Text, nullable=False),
        sa.Column("host", sa.String, nullable=False),
        sa.Column("pid", sa.Integer, nullable=False),
        sa.Column("process_started", sa.String, nullable=False),
        sa.Column("heartbeat_at", sa.Float, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("runs_by_status", "runs", ["status"])


def _create_run_nodes() -> None:
    op.create_table(
        "run_nodes",
        sa.Column(
            "run",
            sa.Integer,
            sa.ForeignKey("runs.ordinal", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("unique_id", sa.String, primary_key=True),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("resource_type", sa.String, nullable=False),
        sa.Column("depends_on", sa.Text, nullable=False),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("started_at", sa.Float),
        sa.Column("finished_at", sa.Float),
        sa.Column("seconds", sa.Float),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("rows_affected", sa.Integer),
        sa.Column("failures", sa.Integer),
        sa.Column("relation", sa.String),
        sa.Column("compiled_path", sa.String),
        sa.Column("thread", sa.String, nullable=False),
        sa.Column("fault", sa.Text),
    )
    op.create_index("run_nodes_by_node", "run_nodes", ["unique_id", "run"])


def _create_node_states() -> None:
    op.create_table(
        "node_states",
        sa.Column("target", sa.String, primary_key=True),
        sa.Column("unique_id", sa.String, primary_key=True),
        sa.Column("run_id", sa.String, nullable=False),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("started_at", sa.Float),
        sa.Column("finished_at", sa.Float),
        sa.Column("seconds", sa.Float),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("rows_affected", sa.Integer),
        sa.Column("failures", sa.Integer),
    )


def _create_messages() -> None:
    op.create_table(
        "messages",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column(
            "run", sa.Integer, sa.ForeignKey("runs.ordinal", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("level", sa.String, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("node", sa.String),
        sa.Column("code", sa.String),
        sa.Column("fault", sa.Text),
    )
    op.create_index("messages_by_run", "messages", ["run", "id"])


def _create_events() -> None:
    op.create_table(
        "events",
        sa.Column("seq", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("run_id", sa.String),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("type", sa.String, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("events_by_run", "events", ["run_id", "seq"])
    # The log counts from the time of its birth. So a reader that remembers its place in a store
    # that was deleted since is behind the first event of the new one, and is told to start anew.
    first = int(time.time() * 1000)
    op.execute(sa.text(f"insert into sqlite_sequence (name, seq) values ('events', {first})"))
