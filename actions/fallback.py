"""Says that a message was not understood."""

from actions.base import TurnAction, Voice
from bot.dialogue.choice import NONE_OF_THESE
from bot.dialogue.personal_message import PersonalMessage
from bot.dialogue.turn import Turn


class ActionFallback(TurnAction):
    """Says that a message was not understood; the second time in a row it offers topics."""

    def name(self) -> str:
        """Return the name that the domain and the stories use."""
        return "action_fallback"

    async def perform(self, turn: Turn, message: PersonalMessage, voice: Voice) -> Turn:
        """Say it."""
        offered = turn.after.suggestions
        voice.say(
            turn.step.says or ("lost" if offered else "not_understood"), (*offered, NONE_OF_THESE) if offered else ()
        )
        return turn.advanced()
