"""The template side of a project: dbt's Jinja dialect, the macro host, and the names each phase promises.

``dialect`` says what the language is, ``macro_host`` finds and calls macros, ``session`` is one node's rendering.
"""
