"""Form tokens, which protect against cross-site request forgery.

Every form that changes something carries a token in the field :data:`FIELD`. There are two kinds, both keyed hashes, so
that nothing needs storing. A visitor's token is bound to their session cookie and is valid for as long as the cookie
is. A member's token names the member, the page and the time: it outlives the session, so that what was entered is not
lost when the session ends, and it is worth nothing to anybody else.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.database.keyring import Keyring

FIELD = "form_token"
LIFETIME = timedelta(days=7)
"""How long a member's token is valid: more than a weekend, but no page stays open for longer on purpose."""
_VISITOR, _MEMBER = "web.form", "web.staff.form"


@dataclass(frozen=True)
class FormToken:
    """A valid token: the form was shown by this service to whoever sends it."""


@dataclass(frozen=True)
class MemberFormToken(FormToken):
    """A valid token of a form that was shown to a signed-in member."""

    member: int
    page: str
    """The address that shows the form."""


def for_cookie(keyring: Keyring, cookie: str) -> str:
    """Return the token for forms that are shown to the holder of ``cookie``."""
    return _encoded(keyring.digest(_VISITOR, cookie))


def for_member(keyring: Keyring, member: int, page: str, now: datetime) -> str:
    """Return the token for forms that are shown to a member on the page with this address."""
    claims = f"{member}.{int(now.timestamp())}.{urlsafe_b64encode(page.encode()).decode()}"
    return f"{claims}.{_encoded(keyring.digest(_MEMBER, claims))}"


def verify(
    keyring: Keyring, token: str | None, cookie: str | None, now: datetime, *, allow_members: bool = False
) -> FormToken | None:
    """Return what a form's token says; None where it is not valid.

    A visitor's token is valid with the cookie it was made for. A member's token is accepted with ``allow_members``.
    """
    if not token:
        return None
    if allow_members and (found := _member_token(keyring, token, now)):
        return found
    return FormToken() if cookie and is_valid(keyring, cookie, token) else None


def is_valid(keyring: Keyring, cookie: str, token: str) -> bool:
    """Return whether ``token`` is the one made for ``cookie``."""
    return _same(for_cookie(keyring, cookie), token)


def _member_token(keyring: Keyring, token: str, now: datetime) -> MemberFormToken | None:
    claims, _, mac = token.rpartition(".")
    if not _same(_encoded(keyring.digest(_MEMBER, claims)), mac):
        return None
    member, issued, page = claims.split(".")
    if now - datetime.fromtimestamp(int(issued), UTC) > LIFETIME:
        return None
    return MemberFormToken(int(member), urlsafe_b64decode(page).decode())


def _same(expected: str, given: str) -> bool:
    return hmac.compare_digest(expected.encode(), given.encode("utf-8", "replace"))


def _encoded(digest: bytes) -> str:
    return urlsafe_b64encode(digest).decode().rstrip("=")
