"""From replies to what goes out, one message each."""

from collections.abc import Iterator, Sequence

from bot.messages import Parcel, Rendering, Reply
from bot.replies import sms


def parcels(replies: Sequence[Reply], rendering: Rendering, *, personal: bool = False) -> Iterator[Parcel]:
    """Yield the messages that carry ``replies``: long ones in several, split between sentences, in order."""
    for reply in replies:
        if rendering is Rendering.SMS:
            yield from (Parcel(text) for text in sms.split(reply.text))
        else:
            yield Parcel(reply.text, tuple(button.title for button in reply.buttons), reply.file, personal)
