"""Packages that a project asks for: which versions, the lock file, and their way into the project."""
