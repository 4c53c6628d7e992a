"""Postgres: connects by psycopg 3, introspects through its catalogue, and brings the macros for its SQL."""
