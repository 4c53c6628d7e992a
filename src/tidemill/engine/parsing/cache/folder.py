"""Where a parse leaves what the next one takes up. Nothing heavy is imported here."""

FOLDER = "parse_state"
"""In the target folder. Only speed is lost when it is deleted."""
