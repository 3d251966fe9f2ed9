"""A test of this folder is alone with the code: it starts no process, opens no database and calls nobody."""

import socket
import sqlite3
import subprocess

import pytest


@pytest.fixture(autouse=True)
def _alone(monkeypatch):
    """Refuse processes, databases and the network, so that a test of another layer does not pass here."""

    def refused(*_, **__):
        pytest.fail("a unit test starts no process, opens no database and calls nobody: tests/service is for those")

    monkeypatch.setattr(subprocess.Popen, "__init__", refused)
    monkeypatch.setattr(sqlite3, "connect", refused)
    monkeypatch.setattr(socket.socket, "connect", refused)
