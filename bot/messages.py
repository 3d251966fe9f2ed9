"""The plain values that travel through the house: a message in, replies out."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Rendering(StrEnum):
    """The form in which a channel shows an answer."""

    SCREEN = "screen"
    TELEGRAM = "telegram"
    SMS = "sms"


@dataclass(frozen=True)
class InboundMessage:
    """What one person sent, on one channel.

    ``conversation`` names whose it is: the same name continues, and no two people may share one.
    """

    conversation: str
    text: str
    rendering: Rendering = Rendering.SCREEN
    acting_as: int | None = None
    """The participant whose record is open in this conversation without a link: for administrators and tests."""
    at: datetime | None = None
    """When it was sent, with a time zone; None for now."""


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
    """Topics of this message that staff must hear of: crisis, child_at_risk."""
    held_secret: bool = False
    """Whether the message held a link code or a PIN: a channel that can delete messages deletes it."""
