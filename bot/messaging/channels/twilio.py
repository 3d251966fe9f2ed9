"""Twilio: signed form posts come in, its own client sends.

In: POST /webhooks/twilio with MessageSid, From, Body, NumMedia… and X-Twilio-Signature over address and fields.
Receipt: POST /webhooks/twilio/receipt with MessageSid, MessageStatus, ErrorCode, signed in the same way.
"""

import asyncio
from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from requests.exceptions import ReadTimeout, RequestException
from starlette.requests import Request
from twilio.base.exceptions import TwilioRestException
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from bot.errors import (
    BLOCKED,
    TIMED_OUT_AFTER_SEND,
    InvalidPayloadError,
    PermanentSendError,
    TransientSendError,
    UnauthorisedError,
)
from bot.messages import Address, Arrival, OutboundMessage, Receipt, SendReceipt
from bot.messaging.channels.given import stored
from bot.messaging.channels.threads import own_threads
from bot.text.phone_numbers import NumberError, e164

NAME = "twilio"
OPTED_OUT = 21610
"""Twilio's error where its own opt-out list stops a reply. Turn that list off: it would stop a crisis reply too."""
_FINAL = {"delivered": True, "undelivered": False, "failed": False}


@dataclass(frozen=True, repr=False)
class Twilio:
    """The provider."""

    token: str
    sender: str
    public: str
    """The address under which Twilio reaches this service: what it signs."""
    client: Client
    threads: Executor = field(default_factory=lambda: own_threads(NAME))

    async def arrival(self, request: Request, body: bytes) -> Arrival:
        """Authenticate and parse a message that came in."""
        fields = self._fields(request, body)
        try:
            address = Address.sms(e164(fields.get("From", "")))
        except NumberError as error:
            raise InvalidPayloadError(str(error)) from None
        text = fields.get("Body", "")
        only_media = not text.strip() and fields.get("NumMedia", "0") not in ("", "0")
        return Arrival(NAME, stored(fields.get("MessageSid", "")), address, None if only_media else text)

    async def receipt(self, request: Request, body: bytes) -> Receipt | None:
        """Authenticate and parse a receipt; None for one that says nothing final."""
        fields = self._fields(request, body)
        status = fields.get("MessageStatus", "")
        if status not in _FINAL:
            return None
        detail = f"error {fields['ErrorCode']}" if fields.get("ErrorCode") else status
        return Receipt(NAME, stored(fields.get("MessageSid", "")), _FINAL[status], detail)

    async def send(self, address: str, outbound: OutboundMessage) -> SendReceipt:
        """Send a message."""
        return await asyncio.get_running_loop().run_in_executor(self.threads, self._send, address, outbound.text)

    def _send(self, address: str, text: str) -> SendReceipt:
        callback = f"{self.public}/webhooks/twilio/receipt"
        try:
            message = self.client.messages.create(to=address, from_=self.sender, body=text, status_callback=callback)
        except TwilioRestException as error:
            if error.status == 429 or error.status >= 500:
                raise TransientSendError(f"status {error.status}") from None
            raise PermanentSendError(f"error {error.code}", BLOCKED if error.code == OPTED_OUT else None) from None
        except ReadTimeout:
            raise PermanentSendError(TIMED_OUT_AFTER_SEND) from None
        except RequestException as error:
            raise TransientSendError(type(error).__name__) from None
        return SendReceipt(str(message.sid))

    def _fields(self, request: Request, body: bytes) -> dict[str, str]:
        fields = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
        query = f"?{request.url.query}" if request.url.query else ""
        address = f"{self.public}{request.url.path}{query}"
        signature = request.headers.get("x-twilio-signature", "")
        validator: Any = RequestValidator(self.token)
        if not validator.validate(address, fields, signature):
            raise UnauthorisedError
        return fields
