"""Says whom to ask, where an answer was not clear the second time either."""

from actions.base import TurnAction, Voice
from bot.dialogue.personal_message import PersonalMessage
from bot.dialogue.turn import Turn


class ActionNotClear(TurnAction):
    """Follows an answer that was asked for once more, twice in a row."""

    def name(self) -> str:
        """Return the name that the domain and the stories use."""
        return "action_not_clear"

    async def perform(self, turn: Turn, message: PersonalMessage, voice: Voice) -> Turn:
        """Say it."""
        voice.say("not_clear")
        return turn.advanced()
