"""The forms that a member had not sent when their session ended, one for each page.

They are kept encrypted, for an hour, for the same member in the same browser alone.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine import Connection

from bot.records.staff.tables import kept_form

LIFE = timedelta(hours=1)
MOST = 20
"""How many forms of one browser are kept; the oldest are dropped first."""


@dataclass(frozen=True)
class KeptForm:
    """A form that was not accepted because the session had ended."""

    page: str
    """The address that shows it."""
    action: str
    """The address that takes it."""
    fields: Sequence[tuple[str, str]]

    def is_of(self, path: str) -> bool:
        """Return whether ``path`` is the page that shows the form, or the address that takes it."""
        return path in (self.page.partition("?")[0], self.action)


def keep(connection: Connection, token: str, staff_id: int, form: KeptForm, now: datetime) -> None:
    """Keep a form for a member, in place of an earlier one of the same page in the browser holding ``token``."""
    sweep(connection, now)
    earlier = _rows(connection, kept_form.c.token_hash == token)
    replaced = [row.id for row in earlier if row.staff_id != staff_id or _form(row).page == form.page]
    left = [row.id for row in earlier if row.id not in replaced]
    _delete(connection, [*replaced, *left[MOST - 1 :]])
    row = {"token_hash": token, "staff_id": staff_id, "content": json.dumps(asdict(form)), "kept_at": now}
    connection.execute(insert(kept_form).values(**row))


def find(connection: Connection, token: str, staff_id: int, path: str, now: datetime) -> KeptForm | None:
    """Return the form of a page that is kept for a member in the browser holding ``token``."""
    return next((form for form in _forms(connection, token, staff_id, now) if form.is_of(path)), None)


def newest(connection: Connection, token: str, staff_id: int, now: datetime) -> KeptForm | None:
    """Return the form that was kept last for a member in the browser holding ``token``."""
    return next(iter(_forms(connection, token, staff_id, now)), None)


def hand_on(connection: Connection, token: str, new: str, staff_id: int, now: datetime) -> KeptForm | None:
    """Keep the forms for the browser that holds ``new`` from now on, and return the newest.

    What another member had entered in that browser is deleted.
    """
    of_browser = kept_form.c.token_hash == token
    connection.execute(delete(kept_form).where(of_browser & ~_is_alive(staff_id, now)))
    connection.execute(update(kept_form).where(of_browser).values(token_hash=new))
    return newest(connection, new, staff_id, now)


def forget(connection: Connection, token: str, form: KeptForm) -> None:
    """Delete a form that is kept for the browser holding ``token``."""
    rows = _rows(connection, kept_form.c.token_hash == token)
    _delete(connection, [row.id for row in rows if _form(row).page == form.page])


def sweep(connection: Connection, now: datetime) -> int:
    """Delete what was kept for longer than :data:`LIFE`; return how many forms."""
    return int(connection.execute(delete(kept_form).where(kept_form.c.kept_at <= now - LIFE)).rowcount)


def _forms(connection: Connection, token: str, staff_id: int, now: datetime) -> list[KeptForm]:
    own = (kept_form.c.token_hash == token) & _is_alive(staff_id, now)
    return [_form(row) for row in _rows(connection, own)]


def _is_alive(staff_id: int, now: datetime) -> Any:
    return (kept_form.c.staff_id == staff_id) & (kept_form.c.kept_at > now - LIFE)


def _rows(connection: Connection, wanted: Any) -> list[Any]:
    """Return the rows, the newest first."""
    return list(connection.execute(select(kept_form).where(wanted).order_by(kept_form.c.id.desc())))


def _delete(connection: Connection, ids: Sequence[int]) -> None:
    if ids:
        connection.execute(delete(kept_form).where(kept_form.c.id.in_(ids)))


def _form(row: Any) -> KeptForm:
    found = json.loads(row.content)
    return KeptForm(found["page"], found["action"], [(name, value) for name, value in found["fields"]])
