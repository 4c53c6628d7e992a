"""Nodes to a graph: who reads whom, in which order, and where a cycle is."""

from tidemill.engine.graph.dag import Dag, dependencies_of
from tidemill.engine.graph.data_test_edges import with_test_edges

__all__ = ["Dag", "dependencies_of", "with_test_edges"]
