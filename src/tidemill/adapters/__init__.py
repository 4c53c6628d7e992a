"""Warehouses: connect, execute, introspect. Plain Python that knows nothing of Jinja or projects.

``registry`` finds the adapter for a profile's ``type``; ``base`` says what an adapter is. An adapter's own macros
stand as SQL files beside it.
"""
