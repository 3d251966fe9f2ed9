"""GOV.UK Notify: JSON comes in with a bearer token, its own client sends through a template with one placeholder.

In: POST /webhooks/notify {"id": "…", "source_number": "447700900123", "message": "…", "date_received": "…"}.
Receipt: POST /webhooks/notify/receipt {"id": "…", "status": "delivered" | "permanent-failure" | …}.
"""

import asyncio
import json
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from notifications_python_client.errors import HTTPError
from notifications_python_client.notifications import NotificationsAPIClient
from requests.exceptions import ReadTimeout, RequestException
from starlette.requests import Request

from bot.errors import (
    TIMED_OUT_AFTER_SEND,
    InvalidPayloadError,
    PermanentSendError,
    TransientSendError,
    UnauthorisedError,
)
from bot.messages import Address, Arrival, OutboundMessage, Receipt, SendReceipt
from bot.messaging.channels.given import readable, same, stored
from bot.messaging.channels.threads import own_threads
from bot.text.phone_numbers import NumberError, e164

NAME = "notify"
PLACEHOLDER = "reply"
"""The template's only one."""
_FINAL = {
    "delivered": True,
    "permanent-failure": False,
    "temporary-failure": False,
    "technical-failure": False,
}


@dataclass(frozen=True, repr=False)
class Notify:
    """The provider."""

    template: str
    bearer: str
    """The token that Notify's callbacks carry."""
    client: NotificationsAPIClient
    threads: Executor = field(default_factory=lambda: own_threads(NAME))

    async def arrival(self, request: Request, body: bytes) -> Arrival:
        """Authenticate and parse a message that came in."""
        given = self._given(request, body)
        try:
            address = Address.sms(e164(str(given.get("source_number", ""))))
        except NumberError as error:
            raise InvalidPayloadError(str(error)) from None
        if not isinstance(given.get("id"), str) or not isinstance(given.get("message"), str):
            raise InvalidPayloadError("no id or no message")
        order = _microseconds(given.get("date_received"))
        return Arrival(NAME, stored(given["id"]), address, readable(given["message"]), order=order)

    async def receipt(self, request: Request, body: bytes) -> Receipt | None:
        """Authenticate and parse a receipt; None for one that says nothing final."""
        given = self._given(request, body)
        status = given.get("status")
        if not isinstance(status, str) or not isinstance(given.get("id"), str):
            raise InvalidPayloadError("no id or no status")
        if status not in _FINAL:
            return None
        return Receipt(NAME, stored(given["id"]), _FINAL[status], status)

    async def send(self, address: str, outbound: OutboundMessage) -> SendReceipt:
        """Send a message through the template."""
        return await asyncio.get_running_loop().run_in_executor(self.threads, self._send, address, outbound.text)

    def _send(self, address: str, text: str) -> SendReceipt:
        try:
            answer: Any = self.client.send_sms_notification(
                phone_number=address, template_id=self.template, personalisation={PLACEHOLDER: text}
            )
        except HTTPError as error:
            if isinstance(error.__context__, ReadTimeout):  # the library's own word for it is "status 503"
                raise PermanentSendError(TIMED_OUT_AFTER_SEND) from None
            if error.status_code == 429 or error.status_code >= 500:
                raise TransientSendError(f"status {error.status_code}") from None
            raise PermanentSendError(f"status {error.status_code}") from None
        except RequestException as error:
            raise TransientSendError(type(error).__name__) from None
        return SendReceipt(str(answer["id"]))

    def _given(self, request: Request, body: bytes) -> dict[str, Any]:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not same(token.strip(), self.bearer):
            raise UnauthorisedError
        try:
            given = json.loads(body)
        except (ValueError, RecursionError):
            raise InvalidPayloadError("not JSON") from None
        if not isinstance(given, dict):
            raise InvalidPayloadError("not an object")
        return given


def _microseconds(moment: object) -> int | None:
    """Return "2026-11-24T09:00:00.000000Z" in microseconds since 1970; None for what is none."""
    try:
        return int(datetime.fromisoformat(str(moment)).timestamp() * 1_000_000)
    except (ValueError, OverflowError):
        return None
