"""What reads a message before it is understood, put together."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.conversation.reading import consent_phrases, reactions
from bot.conversation.reading.bot_phrases import OwnWords
from bot.conversation.reading.consent_phrases import ConsentReader
from bot.conversation.reading.reactions import Reactions
from bot.replies.wording import ResponseCatalog


@dataclass(frozen=True)
class Hearing:
    """Reads whose words they are, and what they say about being written to."""

    consent: ConsentReader
    reactions: Reactions


def load(catalog: ResponseCatalog, values: Mapping[str, str]) -> Hearing:
    """Read the word lists; the ``catalog`` with ``values`` in its placeholders is what the bot says."""
    return Hearing(consent_phrases.load(), reactions.load(OwnWords(catalog, values).said))
