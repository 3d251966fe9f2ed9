"""Value types that channels, the message handler and the mailbox share: a message in, replies out."""

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from bot.text.text import Text


class ReplyFormat(StrEnum):
    """The form in which a channel shows an answer."""

    SCREEN = "screen"
    TELEGRAM = "telegram"
    SMS = "sms"
    EASY = "easy"


class AddressKind(StrEnum):
    """What an address is on: a person's text messages are one address, whichever gateway carries them."""

    SMS = "sms"
    TELEGRAM = "telegram"
    KIOSK = "screen"
    DESK = "desk"
    """A trial by staff."""
    TERMINAL = "terminal"
    OTHER = "other"


SMS_GATEWAYS = frozenset({"twilio", "notify", "kannel"})
"""The channels that carry text messages."""


@dataclass(frozen=True, order=True)
class Address:
    """Where a person writes from and is written to. One address is one conversation."""

    kind: AddressKind
    value: str
    """A telephone number in E.164, a chat's id, or the token of a visit at the kiosk."""

    def __str__(self) -> str:
        """Return the address as it is stored, for example ``sms:+447700900123``."""
        return self.value if self.kind is AddressKind.OTHER else f"{self.kind}:{self.value}"

    @classmethod
    def parse(cls, text: str) -> "Address":
        """Return the address that :meth:`__str__` wrote as ``text``."""
        kind, colon, value = text.partition(":")
        if colon and kind in _NAMED_KINDS:
            return cls(AddressKind(kind), value)
        return cls(AddressKind.OTHER, text)

    @classmethod
    def sms(cls, number: str) -> "Address":
        """Return the address of a telephone ``number`` in E.164."""
        return cls(AddressKind.SMS, number)

    @classmethod
    def on(cls, channel: str, stored: str) -> "Address":
        """Return the address that the mailbox or an alert has stored as ``stored``, beside the name of its channel."""
        kind = "sms" if channel in SMS_GATEWAYS else channel
        return cls.parse(stored if stored.startswith(f"{kind}:") else f"{kind}:{stored}")


_NAMED_KINDS = frozenset(AddressKind) - {AddressKind.OTHER}


class AnswerOutcome(StrEnum):
    """How the bot got on with a question."""

    ANSWERED = "answered"
    OFFERED = "offered"
    """It asked back between topics."""
    NOT_UNDERSTOOD = "not_understood"
    OUTSIDE = "outside"
    """It said that the leaflet leaves this out."""


@dataclass(frozen=True)
class Origin:
    """Where a message was typed, as far as that is known: for staff who have to go there."""

    device: str = ""
    """What a screen that was set up holds to be known by; empty for any other browser."""
    client: str = ""
    """The network address."""


@dataclass(frozen=True)
class InboundMessage:
    """What one person sent, on one channel."""

    address: Address
    """Where it was sent from. No two people may share an address at the same time."""
    text: str
    reply_format: ReplyFormat = ReplyFormat.SCREEN
    acting_as: int | None = None
    """The participant whose record is open in this conversation without a link: for administrators and tests."""
    at: datetime | None = None
    """When it was sent, with a time zone; None for now."""
    public: bool = False
    """Whether others read along, in a group: nothing is answered there but danger."""
    origin: Origin = Origin()

    @property
    def conversation(self) -> str:
        """The name of the conversation that the message belongs to."""
        return str(self.address)

    @cached_property
    def content(self) -> Text:
        """The text in each of the forms in which it is read: safety, identity and understanding use the same one."""
        return Text(self.text)


@dataclass(frozen=True)
class Arrival:
    """What a provider delivered, authenticated and parsed: to be stored before the provider is told that it came."""

    channel: str
    provider_id: str
    """How the provider names the message: the same one twice is the same message."""
    address: Address
    text: str | None
    """None for a message without text: a picture, a recording."""
    public: bool = False
    """Whether others read along: a group."""
    order: int | None = None
    """The provider's own order of a person's messages, where it has one: a counter, or microseconds since 1970."""


@dataclass(frozen=True)
class Receipt:
    """What a provider says of a message that it was given."""

    channel: str
    provider_id: str
    delivered: bool
    detail: str = ""


@dataclass(frozen=True)
class File:
    """A file that goes with a reply."""

    name: str
    media_type: str
    content: str


@dataclass(frozen=True)
class Button:
    """Something to tap: what it says, and the text that a tap sends."""

    title: str
    text: str


@dataclass(frozen=True)
class Reply:
    """One bubble, or one text message: already in the words and form of its channel."""

    text: str
    section: str | None = None
    """The leaflet heading that the answer comes from, where it comes from the leaflet."""
    buttons: tuple[Button, ...] = ()
    file: File | None = None
    topic: str | None = None
    """What it is the wording of, where it is one wording as it stands: the same can be said again in another form.
    None for what was put together, such as an answer from a person's record."""


@dataclass(frozen=True)
class Answer:
    """What came of one message: the replies to send, and what they answer."""

    replies: tuple[Reply, ...]
    topics: tuple[str, ...] = ()
    """The ids of the topics answered; several for a message that asked several things."""
    suggestions: tuple[str, ...] = ()
    """The ids offered where the bot asked back, in the order shown."""
    confidence: float = 0.0
    """The probability, 0 to 1, of the reading that was acted on."""
    alerts: tuple[str, ...] = field(default=())
    """Topics of this message that staff must hear of: crisis, child_at_risk, threat."""
    participant_id: int | None = None
    """Whose conversation it is, where that is known."""
    personal: bool = False
    """Whether the replies may say something of one person's record."""
    held_secret: bool = False
    """Whether the message held a link code or a PIN: a channel that can delete messages deletes it."""
    understood: AnswerOutcome | None = None
    """How the bot got on with it; None where nothing was asked: a code, a word about being written to."""
    near_danger: bool = False
    """Whether any reading gives a safeguarding topic some weight; such a message is not kept for review."""


@dataclass(frozen=True)
class OutboundMessage:
    """One message to send: its text, and what only chat apps can show."""

    text: str
    buttons: tuple[str, ...] = ()
    file: File | None = None
    personal: bool = False
    """Whether it says something of one person's record: not to be forwarded."""
    delete_message_id: str | None = None
    """Instead of a message: the provider's id of one that came in and held a secret, to be deleted there."""

    def to_json(self) -> str:
        """Return it as text."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> "OutboundMessage":
        """Read what :meth:`to_json` wrote."""
        given = json.loads(text)
        file = File(**given["file"]) if given["file"] else None
        delete = given.get("delete_message_id", given.get("takes_back"))  # as it was called before
        return cls(given["text"], tuple(given["buttons"]), file, bool(given.get("personal")), delete)


@dataclass(frozen=True)
class SendReceipt:
    """What a provider said of a message that it took: its own id for it, which its receipts will name."""

    provider_id: str | None
