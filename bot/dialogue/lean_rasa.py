"""Imports Rasa for serving without TensorFlow: seconds and hundreds of megabytes less.

Rasa's agent module imports TensorFlow through classes (a Keras callback, a data generator) that rules and this
project's components never use. While Rasa's modules are imported, TensorFlow's names are answered by empty
modules whose attributes are empty classes: enough to subclass, and nothing that runs. Afterwards the names are
free again, so whatever really needs TensorFlow later still gets it. Training runs in a process of its own.
"""

import importlib.abc
import importlib.machinery
import sys
import types
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

_HEAVY = frozenset({"tensorflow", "tensorflow_text", "tensorflow_hub", "tensorflow_addons", "keras"})


class _EmptyType(type):
    """A class whose attributes are more such classes, and which decorates by handing back what it is given."""

    def __getattr__(cls, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        return _EmptyType(name, (), {})

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        return args[0] if len(args) == 1 and callable(args[0]) else super().__call__()


class _EmptyModule(types.ModuleType):
    __path__: list[str] = []  # noqa: RUF012  # as every package has

    def __getattr__(self, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        return _EmptyType(name, (), {})


class _EmptyModules(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        heavy = fullname.partition(".")[0] in _HEAVY
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True) if heavy else None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        return _EmptyModule(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        """There is nothing to run."""


@contextmanager
def without_tensorflow() -> Iterator[None]:
    """Answer imports of TensorFlow with empty modules, unless the real one is loaded already."""
    if "tensorflow" in sys.modules:
        yield
        return
    finder = _EmptyModules()
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        for name in [name for name in sys.modules if name.partition(".")[0] in _HEAVY]:
            del sys.modules[name]
