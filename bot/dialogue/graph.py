"""Runs Rasa's graph of components one after the other, in an order worked out once.

Rasa hands the graph to dask, which plans it anew for every message, and twice: for understanding and for the rules.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from graphlib import TopologicalSorter
from typing import Any

from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import ExecutionContext, GraphNode, GraphNodeHook, GraphSchema
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.storage import ModelStorage


class SequentialGraphRunner(GraphRunner):  # type: ignore[misc]
    """A graph runner for answering: the nodes that the targets need, each after those that it needs itself."""

    def __init__(self, schema: GraphSchema, nodes: Mapping[str, GraphNode]) -> None:
        """Take the graph and its nodes, their components loaded."""
        self._schema = schema
        self._nodes = nodes
        self._order = cache(self._topological_order)

    @classmethod
    def create(
        cls,
        graph_schema: GraphSchema,
        model_storage: ModelStorage,
        execution_context: ExecutionContext,
        hooks: list[GraphNodeHook] | None = None,
    ) -> SequentialGraphRunner:
        """Load the components; Rasa calls this."""
        nodes = {
            name: GraphNode.from_schema_node(name, node, model_storage, execution_context, hooks)
            for name, node in graph_schema.nodes.items()
        }
        return cls(graph_schema, nodes)

    def run(self, inputs: Mapping[str, Any] | None = None, targets: Sequence[str] | None = None) -> dict[str, Any]:
        """Return what each target gives for ``inputs``; raise GraphRunError where an input is missing."""
        wanted = tuple(targets or self._schema.target_names)
        found = dict(inputs or {})
        for name, needs in self._order(wanted):
            if name in found:
                continue
            if name not in self._nodes:
                raise GraphRunError(f"the graph needs the input {name}, and was given {sorted(inputs or {})}")
            _, found[name] = self._nodes[name](*((need, found[need]) for need in needs))
        return {name: found[name] for name in wanted}

    def _topological_order(self, targets: tuple[str, ...]) -> list[tuple[str, list[str]]]:
        """Return the nodes and inputs that ``targets`` need, in order, each with those that it needs itself."""
        schema = self._schema.minimal_graph_schema(list(targets))
        needs = {name: list(node.needs.values()) for name, node in schema.nodes.items()}
        return [(name, needs.get(name, [])) for name in TopologicalSorter(needs).static_order()]
