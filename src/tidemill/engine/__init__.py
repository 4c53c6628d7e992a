"""A dbt project, from files to tables: a library without a server, a database or a terminal of its own.

It yields events and artifacts and never prints; whoever calls it records and renders.
Inside, anything may import what stands below it::

    running > compiling > selection > artifacts > graph > parsing > jinja > project > nodes
"""
