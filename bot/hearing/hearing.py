"""What reads a message before it is understood, put together."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.hearing import consent, reactions
from bot.hearing.consent import Consent
from bot.hearing.own_words import OwnWords
from bot.hearing.reactions import Reactions
from bot.replies.wording import Wording


@dataclass(frozen=True)
class Hearing:
    """Reads whose words they are, and what they say about being written to."""

    consent: Consent
    reactions: Reactions


def load(wording: Wording, values: Mapping[str, str]) -> Hearing:
    """Read the word lists; the ``wording`` with ``values`` in its placeholders is what the bot says."""
    return Hearing(consent.load(), reactions.load(OwnWords(wording, values).said))
