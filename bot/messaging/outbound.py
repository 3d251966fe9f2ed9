"""From replies to what goes out, one message each."""

from collections.abc import Iterator, Sequence

from bot.messages import OutboundMessage, Reply, ReplyFormat
from bot.replies import sms


def to_outbound(
    replies: Sequence[Reply], reply_format: ReplyFormat, *, personal: bool = False
) -> Iterator[OutboundMessage]:
    """Yield the messages that carry ``replies``: long ones in several, split between sentences, in order."""
    for reply in replies:
        if reply_format is ReplyFormat.SMS:
            for text in sms.split(reply.text):
                yield OutboundMessage(text)
        else:
            yield OutboundMessage(reply.text, tuple(button.title for button in reply.buttons), reply.file, personal)
