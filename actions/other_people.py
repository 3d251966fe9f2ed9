"""Refuses a question about another person."""

from actions.base import TurnAction, Voice
from bot.dialogue.personal_message import PersonalMessage
from bot.dialogue.turn import Turn


class ActionOtherPeople(TurnAction):
    """Says that nobody is told about anybody else, and notes the question in the audit trail."""

    def name(self) -> str:
        """Return the name that the domain and the stories use."""
        return "action_other_people"

    async def perform(self, turn: Turn, message: PersonalMessage, voice: Voice) -> Turn:
        """Note it and say it."""
        await self.tools.personal.note_about_another(message)
        voice.say(turn.topic)
        return turn.advanced()
