"""Nodes to SQL: rendered text with the SQL of ephemeral parents put in front, and the files it is kept in."""
