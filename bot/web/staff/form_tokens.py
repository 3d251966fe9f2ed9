"""What makes a form of a signed-in member ours, also after the session that it was shown in has ended.

The token names the member, the page and when it was shown, under a keyed hash: only a page shown to that member carries
it, so it needs no cookie to compare with. It outlives the session, so that what was entered is not lost with it.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.database.keyring import Keyring

LIFE = timedelta(days=7)
"""A page that has stood open for longer, over more than a weekend, is too old to be sent."""
_PURPOSE = "web.staff.form"


@dataclass(frozen=True)
class FormToken:
    """What a form's token says."""

    member: int
    page: str
    """The address that shows the form."""


def make(keyring: Keyring, member: int, page: str, now: datetime) -> str:
    """Return the token of a form that is shown to a member on a page."""
    said = f"{member}.{int(now.timestamp())}.{urlsafe_b64encode(page.encode()).decode()}"
    return f"{said}.{_mac(keyring, said)}"


def read(keyring: Keyring, given: str | None, now: datetime) -> FormToken | None:
    """Return what a token says; None where it is not one of ours, or too old."""
    said, _, mac = (given or "").rpartition(".")
    if not hmac.compare_digest(_mac(keyring, said).encode(), mac.encode("utf-8", "replace")):
        return None
    member, issued, page = said.split(".")
    if now - datetime.fromtimestamp(int(issued), UTC) > LIFE:
        return None
    return FormToken(int(member), urlsafe_b64decode(page).decode())


def _mac(keyring: Keyring, said: str) -> str:
    return urlsafe_b64encode(keyring.digest(_PURPOSE, said)).decode().rstrip("=")
