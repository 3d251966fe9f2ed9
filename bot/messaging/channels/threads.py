"""Threads in which a provider's own library waits for its answer: of each gateway its own.

A provider that does not answer keeps its threads busy, and nobody else's.
"""

from concurrent.futures import Executor, ThreadPoolExecutor

SENDING = 20
"""As many as messages are on their way to one provider at the same time."""


def own_threads(name: str) -> Executor:
    """Return threads for the gateway ``name``; none is begun before it is needed."""
    return ThreadPoolExecutor(SENDING, f"send-{name}")
