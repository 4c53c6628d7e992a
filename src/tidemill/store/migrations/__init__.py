"""Alembic's environment: how a store made by an older Tidemill becomes one of this version."""
