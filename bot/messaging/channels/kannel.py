"""Kannel, a gateway of one's own: smsbox posts what came in, and takes what goes out at its sendsms address.

In: POST /webhooks/kannel?id=%I&at=%T with the text as the body, in the charset of its Content-Type, the number in
X-Kannel-From and the token as the password of Basic authorisation (post-url in deploy/kannel/). Number and token are
taken from the query (from=%p, token=…) as well, where an older configuration puts them.
Receipt: GET /webhooks/kannel/receipt?token=…&id=<ours>&type=%d, type 1 delivered, 2 failed, 16 refused.
"""

import base64
import binascii
import re
import uuid
from dataclasses import dataclass
from urllib.parse import urlencode

import httpx
from starlette.requests import Request

from bot.errors import (
    TIMED_OUT_AFTER_SEND,
    InvalidPayloadError,
    PermanentSendError,
    TransientSendError,
    UnauthorisedError,
)
from bot.messages import Address, Arrival, OutboundMessage, Receipt, SendReceipt
from bot.messaging.channels import charsets
from bot.messaging.channels.given import same, stored
from bot.replies import gsm
from bot.text.phone_numbers import NumberError, e164

NAME = "kannel"
_PLAIN_TOKEN = re.compile(r"[\w.~-]+", re.ASCII)
_RECEIPTS = 1 | 2 | 16
"""Of Kannel's dlr-mask: delivered, failed, refused by the network."""


@dataclass(frozen=True, repr=False)
class Kannel:
    """The gateway: where sendsms is, as whom it is called, and what its own calls must carry."""

    sendsms: str
    username: str
    password: str
    sender: str
    token: str
    public: str
    """The address under which Kannel reaches this service."""
    http: httpx.AsyncClient

    async def arrival(self, request: Request, body: bytes) -> Arrival:
        """Authenticate and parse a message that came in."""
        self._check(request)
        query = request.query_params
        try:
            address = Address.sms(e164(query.get("from") or request.headers.get("x-kannel-from", "")))
        except NumberError as error:
            raise InvalidPayloadError(str(error)) from None
        provider_id = stored(query.get("id", ""))
        at = query.get("at", "")
        order = int(at) * 1_000_000 if at.isdecimal() and len(at) < 13 else None
        said = charsets.text(body, request.headers.get("content-type", ""))
        return Arrival(NAME, provider_id, address, said, order=order)

    async def receipt(self, request: Request, body: bytes) -> Receipt | None:
        """Authenticate and parse a receipt; None for one that says nothing final."""
        self._check(request)
        kind = request.query_params.get("type", "")
        if kind not in ("1", "2", "16"):
            return None
        return Receipt(NAME, stored(request.query_params.get("id", "")), kind == "1", f"type {kind}")

    async def send(self, address: str, outbound: OutboundMessage) -> SendReceipt:
        """Hand a message to smsbox. 202 says that it was taken, and not yet that it arrived."""
        own = uuid.uuid4().hex
        try:
            response = await self.http.post(
                self.sendsms, headers=self._headers(address, outbound.text, own), content=outbound.text.encode()
            )
        except httpx.ReadTimeout:
            raise PermanentSendError(TIMED_OUT_AFTER_SEND) from None
        except httpx.HTTPError as error:
            raise TransientSendError(type(error).__name__) from None
        if response.status_code in (200, 202):
            return SendReceipt(own)
        if response.status_code in (400, 403):
            raise PermanentSendError(f"status {response.status_code}")
        raise TransientSendError(f"status {response.status_code}")

    def _headers(self, address: str, text: str, own: str) -> dict[bytes, bytes]:
        """Return what Kannel is told beside the text: nothing of it stands in an address, which would be logged."""
        told = {
            "Content-Type": "text/plain; charset=UTF-8",
            "X-Kannel-Username": self.username,
            "X-Kannel-Password": self.password,
            "X-Kannel-From": self.sender,
            "X-Kannel-To": address,
            "X-Kannel-Coding": "0" if gsm.is_gsm(text) else "2",
            "X-Kannel-DLR-Mask": str(_RECEIPTS),
            "X-Kannel-DLR-Url": self._receipt_url(own),
        }
        return {name.encode(): value.encode() for name, value in told.items()}

    def _receipt_url(self, own: str) -> str:
        """Return where receipts go, with the token as a password in it, which Kannel sends in a header.

        Kannel does not decode it there: a token with marks stands in the query, where it does.
        """
        path = f"/webhooks/kannel/receipt?id={own}&type=%d"
        if not _PLAIN_TOKEN.fullmatch(self.token):
            return f"{self.public}{path}&{urlencode({'token': self.token})}"
        scheme, _, rest = self.public.partition("://")
        return f"{scheme}://{NAME}:{self.token}@{rest}{path}"

    def _check(self, request: Request) -> None:
        given = request.query_params.get("token") or _password(request.headers.get("authorization", ""))
        if not same(given, self.token):
            raise UnauthorisedError


def _password(authorization: str) -> str:
    """Return the password of Basic authorisation; an empty text where there is none."""
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(encoded.strip(), validate=True).decode("utf-8", "replace").partition(":")[2]
    except binascii.Error:
        return ""
