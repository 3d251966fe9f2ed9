"""Importing is free of consequences."""

import os
import shutil
import subprocess
import sys

import pytest

from bot.settings import ROOT
from tests.support.source_code import modules

pytestmark = pytest.mark.slow  # it imports everything anew


def test_importing_opens_nothing(tmp_path):
    """Every module but the ones that Rasa loads is imported with files and sockets forbidden.

    They are imported from a copy that nothing was imported from before, in an environment that lets Python keep
    compiled modules, as a fresh clone on an ordinary machine does.
    """
    for folder in ("bot", "actions"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__", "static"))
    names = [
        n
        for n, _ in modules()
        if not n.startswith(("bot.understanding", "bot.dialogue", "actions")) and "__main__" not in n
    ]
    script = (
        "import sys, importlib\n"
        "import spacy, yaml, starlette.applications, starlette.templating, uvicorn, structlog, symspellpy, jinja2\n"
        "import spacy.lang.en.stop_words, spacy.matcher\n"
        f"own = tuple({[str(tmp_path / name) for name in ('data', 'bot', 'models', 'actions', 'config.yml')]!r})\n"
        "opened = []\n"
        "def is_module(path): return path.endswith('.py') or '/__pycache__/' in path\n"
        "def hook(event, args):\n"
        "    if event in ('socket.connect', 'socket.bind', 'sqlite3.connect'): opened.append((event, args))\n"
        "    if event == 'open' and str(args[0]).startswith(own) and not is_module(str(args[0])): opened.append(args[0])\n"
        "sys.addaudithook(hook)\n"
        f"for name in {names!r}: importlib.import_module(name)\n"
        "assert not opened, opened\n"
    )
    ordinary = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    subprocess.run([sys.executable, "-c", script], cwd=tmp_path, env=ordinary, check=True, timeout=100)
    assert list(tmp_path.rglob("__pycache__")), "Python kept no compiled module: the copy was not what was imported"
