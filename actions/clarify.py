"""Asks which topic was meant."""

from actions.base import TurnAction, Voice
from bot.dialogue.choice import NONE_OF_THESE
from bot.dialogue.personal_message import PersonalMessage
from bot.dialogue.turn import Turn


class ActionClarify(TurnAction):
    """Offers the topics that a message may be about, and "none of these"."""

    def name(self) -> str:
        """Return the name that the domain and the stories use."""
        return "action_clarify"

    async def perform(self, turn: Turn, message: PersonalMessage, voice: Voice) -> Turn:
        """Ask."""
        voice.say(turn.step.says or "did_you_mean", (*turn.step.topics, NONE_OF_THESE))
        return turn.advanced()
