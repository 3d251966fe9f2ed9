"""The order in which Rasa's components are run."""

import pytest
from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import ExecutionContext, GraphComponent, GraphSchema, SchemaNode
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage

from bot.dialogue.graph import SequentialGraphRunner


class Joins(GraphComponent):
    """Puts together what it is given, and counts how often it was asked."""

    asked = 0

    @classmethod
    def create(cls, config, model_storage, resource, execution_context):
        return cls()

    def joined(self, left, right):
        Joins.asked += 1
        return f"({left} {right})"


def node(left, right, *, target=False):
    needs = {"left": left, "right": right}
    return SchemaNode(needs, Joins, "create", "joined", {}, eager=True, is_target=target)


SCHEMA = GraphSchema({"last": node("first", "y", target=True), "first": node("x", "y"), "other": node("x", "x")})


@pytest.fixture
def runners(tmp_path):
    made = [SCHEMA, LocalModelStorage(tmp_path), ExecutionContext(SCHEMA)]
    return SequentialGraphRunner.create(*made), DaskGraphRunner.create(*made)


def test_gives_what_rasas_own_runner_gives(runners):
    given = {"x": "a", "y": "b"}
    for targets in (None, ["last"], ["other", "first"]):
        ours, rasas = (runner.run(given, targets) for runner in runners)
        assert ours == rasas
    assert runners[0].run(given) == {"last": "((a b) b)"}


def test_runs_nothing_that_no_target_needs(runners):
    Joins.asked = 0
    runners[0].run({"x": "a", "y": "b"}, ["last"])
    assert Joins.asked == 2


def test_says_which_input_is_missing(runners):
    with pytest.raises(GraphRunError, match=r"needs the input y, and was given \['x'\]"):
        runners[0].run({"x": "a"})
