"""What goes wrong in tests: a server that never answers, a proxy that falls silent, a lock that somebody holds."""

import select
import socket
import sqlite3
import threading
from contextlib import contextmanager, suppress


@contextmanager
def silent_server():
    """A server on loopback that accepts every connection and says nothing."""
    listening = socket.create_server(("127.0.0.1", 0), backlog=200)
    accepted = []

    def accept():
        with suppress(OSError):
            while True:
                accepted.append(listening.accept()[0])

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}", accepted
    finally:
        for one in (listening, *accepted):
            one.close()


class Proxy:
    """Forwards connections to a port of loopback; while ``silent`` nothing goes through, and nothing is closed."""

    def __init__(self, port):
        self.silent = threading.Event()
        self._to = port
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=100)
        self.port = self._listening.getsockname()[1]
        self._closed = threading.Event()
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        self._closed.set()
        self._listening.close()

    def _accept(self):
        with suppress(OSError):
            while not self._closed.is_set():
                theirs = self._listening.accept()[0]
                threading.Thread(target=self._forward, args=(theirs,), daemon=True).start()

    def _forward(self, theirs):
        with suppress(OSError), theirs:
            while self.silent.is_set() and not self._closed.is_set():
                self._closed.wait(0.02)
            with socket.create_connection(("127.0.0.1", self._to)) as ours:
                while not self._closed.is_set():
                    if self.silent.is_set():
                        self._closed.wait(0.02)
                        continue
                    for one in select.select([theirs, ours], [], [], 0.02)[0]:
                        data = one.recv(65_536)
                        if not data:
                            return
                        (ours if one is theirs else theirs).sendall(data)


@contextmanager
def proxy(port):
    made = Proxy(port)
    try:
        yield made
    finally:
        made.close()


@contextmanager
def write_lock(file):
    """Hold SQLite's write lock, as another process would."""
    connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")
        connection.close()
