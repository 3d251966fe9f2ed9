"""Kannel, a gateway of one's own: smsbox posts what came in, and takes what goes out at its sendsms address.

In: POST /webhooks/kannel?token=…&id=%I&from=%p&at=%T with the text as the body (post-url in deploy/kannel/).
Receipt: GET /webhooks/kannel/receipt?token=…&id=<ours>&type=%d, type 1 delivered, 2 failed, 16 refused.
"""

import hmac
import uuid
from dataclasses import dataclass
from urllib.parse import urlencode

import httpx
from starlette.requests import Request

from bot.errors import UNHEARD, NotSentError, RefusedError, UnauthorisedError, UnusableError
from bot.messages import Arrival, Parcel, Receipt, Sent
from bot.numbers import NumberError, e164
from bot.replies import gsm

NAME = "kannel"
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
            address = e164(query.get("from", ""))
        except NumberError as error:
            raise UnusableError(str(error)) from None
        provider_id = query.get("id", "")
        if not provider_id:
            raise UnusableError("no id")
        at = query.get("at", "")
        order = int(at) * 1_000_000 if at.isdecimal() and len(at) < 13 else None
        return Arrival(NAME, provider_id[:120], address, body.decode("utf-8", "replace"), order=order)

    async def receipt(self, request: Request, body: bytes) -> Receipt | None:
        """Authenticate and parse a receipt; None for one that says nothing final."""
        self._check(request)
        kind = request.query_params.get("type", "")
        if kind not in ("1", "2", "16"):
            return None
        return Receipt(NAME, request.query_params.get("id", ""), kind == "1", f"type {kind}")

    async def send(self, address: str, parcel: Parcel) -> Sent:
        """Hand a message to smsbox. 202 says that it was taken, and not yet that it arrived."""
        own = uuid.uuid4().hex
        receipt = {"token": self.token, "id": own}
        fields = {
            "username": self.username,
            "password": self.password,
            "from": self.sender,
            "to": address,
            "text": parcel.text,
            "charset": "UTF-8",
            "coding": "0" if gsm.is_gsm(parcel.text) else "2",
            "dlr-mask": str(_RECEIPTS),
            "dlr-url": f"{self.public}/webhooks/kannel/receipt?{urlencode(receipt)}&type=%d",
        }
        try:
            response = await self.http.get(self.sendsms, params=fields)
        except httpx.ReadTimeout:
            raise RefusedError(UNHEARD) from None
        except httpx.HTTPError as error:
            raise NotSentError(type(error).__name__) from None
        if response.status_code in (200, 202):
            return Sent(own)
        if response.status_code in (400, 403):
            raise RefusedError(f"status {response.status_code}")
        raise NotSentError(f"status {response.status_code}")

    def _check(self, request: Request) -> None:
        if not hmac.compare_digest(request.query_params.get("token", "").encode(), self.token.encode()):
            raise UnauthorisedError
