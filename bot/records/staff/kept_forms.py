"""What a member had entered when the session ended: encrypted, for an hour, for the same member and browser alone."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine import Connection

from bot.records.staff.tables import kept_form

LIFE = timedelta(hours=1)


@dataclass(frozen=True)
class KeptForm:
    """A form that was not taken."""

    page: str
    """The address that shows it."""
    action: str
    """The address that takes it."""
    fields: Sequence[tuple[str, str]]


def keep(connection: Connection, token: str, staff_id: int, form: KeptForm, now: datetime) -> None:
    """Keep a form for a member, in place of any other that the browser holding ``token`` had."""
    forget(connection, token)
    sweep(connection, now)
    row = {"token_hash": token, "staff_id": staff_id, "content": json.dumps(asdict(form)), "kept_at": now}
    connection.execute(insert(kept_form).values(**row))


def find(connection: Connection, token: str, staff_id: int, now: datetime) -> KeptForm | None:
    """Return what is kept for a member in the browser holding ``token``."""
    own = (kept_form.c.token_hash == token) & (kept_form.c.staff_id == staff_id) & (kept_form.c.kept_at > now - LIFE)
    content = connection.execute(select(kept_form.c.content).where(own)).scalar()
    if content is None:
        return None
    found = json.loads(content)
    return KeptForm(found["page"], found["action"], [(name, value) for name, value in found["fields"]])


def hand_on(connection: Connection, token: str, new: str, staff_id: int, now: datetime) -> KeptForm | None:
    """Return what is kept, now that the browser holds ``new``; forget it where somebody else has signed in."""
    found = find(connection, token, staff_id, now)
    if found is None:
        forget(connection, token)
    else:
        connection.execute(update(kept_form).where(kept_form.c.token_hash == token).values(token_hash=new))
    return found


def forget(connection: Connection, token: str) -> None:
    """Forget what is kept for the browser holding ``token``."""
    connection.execute(delete(kept_form).where(kept_form.c.token_hash == token))


def sweep(connection: Connection, now: datetime) -> int:
    """Delete what was kept for too long; return how much."""
    return int(connection.execute(delete(kept_form).where(kept_form.c.kept_at <= now - LIFE)).rowcount)
