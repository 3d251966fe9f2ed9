"""Logging that cannot carry what people write. Configure it before Rasa is imported.

Rasa logs messages, parsed data and states through structlog and logging, at several levels, some in f-strings.
So a record of anybody else's code is cut down to where it came from; only the project's own records, whose
templates are constant and whose arguments are ids and counts, are written out.
"""

import logging
import os
import sys
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any

import structlog

OWN = ("bot", "actions")
_QUIET = {
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "RASA_TELEMETRY_ENABLED": "false",
}


class DiscreetFormatter(logging.Formatter):
    """Writes time, level and origin; the message only where the project itself wrote it."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line. Of an exception only its kind and place: its text may quote anything."""
        own = record.name.split(".")[0] in OWN
        line = f"{self.formatTime(record)} {record.levelname} {record.name}:{record.lineno}"
        line += f" {record.getMessage()}" if own else " (text withheld)"
        if record.exc_info and record.exc_info[0]:
            line += f" [{record.exc_info[0].__name__}{_place(record.exc_info[2])}]"
        return line


def configure(level: str = "WARNING") -> None:
    """Send all logging, structlog's and Python's warnings to standard error, cut down."""
    for name, value in _QUIET.items():
        os.environ.setdefault(name, value)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(DiscreetFormatter())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.captureWarnings(True)
    sys.excepthook = _stopped  # Python's own would print the error's text, which may quote a message
    logging.getLogger("py.warnings").setLevel(logging.ERROR)  # deprecations of pinned libraries: for their upgrade
    structlog.configure(
        processors=[_drop_values, structlog.stdlib.render_to_log_kwargs],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def _stopped(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, traceback)
    else:
        logging.getLogger("bot").critical("stopped by an error", exc_info=(kind, error, traceback))


def _drop_values(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {"event": str(event.get("event", ""))}


def _place(traceback: Any) -> str:
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    return f" at {traceback.tb_frame.f_code.co_filename}:{traceback.tb_lineno}" if traceback else ""
