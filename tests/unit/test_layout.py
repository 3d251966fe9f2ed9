"""How the tests are laid out: each file stands by itself, in the folder of its layer."""

import ast

import pytest

from bot.settings import ROOT
from tests.support.source_code import imports

TESTS = ROOT / "tests"
MODULES = sorted(TESTS.rglob("test_*.py"))


@pytest.mark.parametrize("module", MODULES, ids=lambda file: file.name)
def test_no_test_module_imports_another(module):
    """What two of them need is in tests/support."""
    found = imports(ast.parse(module.read_text("utf-8")))
    wrong = {name for name in found for part in name.split(".") if part == "conftest" or part.startswith("test_")}
    assert wrong == set()


def test_support_imports_no_test():
    wrong = {
        (file.name, name)
        for file in (TESTS / "support").glob("*.py")
        for name in imports(ast.parse(file.read_text("utf-8")))
        for part in name.split(".")
        if part == "conftest" or part.startswith("test_")
    }
    assert wrong == set()


def test_every_test_module_is_in_a_layer():
    layers = {"unit", "service", "web", "browser", "channels"}
    assert [file for file in MODULES if file.parent.name not in layers or file.parent.parent != TESTS] == []


def test_no_two_test_modules_have_one_name():
    names = [file.name for file in MODULES]
    assert sorted(names) == sorted(set(names))


def test_unit_tests_are_alone():
    """The fixtures of other layers load the model and open records."""
    wrong = [
        (file.name, node.name)
        for file in MODULES
        if file.parent.name == "unit"
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef)
        and {"bot", "record", "empty_record", "staff_site", "ask"} & {argument.arg for argument in node.args.args}
    ]
    assert wrong == []
