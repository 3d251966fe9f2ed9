"""Comes back to a report of an absence that another message came into."""

from dataclasses import replace

from actions.base import TurnAction, Voice
from bot.conversation.state import PersonalContext
from bot.dialogue.personal_message import PersonalMessage
from bot.dialogue.turn import Turn


class ActionRemindAbsence(TurnAction):
    """Asks once more what the exchange waits for; it is brought back once, and then forgotten."""

    def name(self) -> str:
        """Return the name that the domain and the stories use."""
        return "action_remind_absence"

    async def perform(self, turn: Turn, message: PersonalMessage, voice: Voice) -> Turn:
        """Say nothing where the message was asked back about: it may belong to the exchange."""
        reply, absence = await self.tools.personal.reminder(message, quiet=bool(turn.after.suggestions))
        if reply:
            voice.reply(reply)
        personal: PersonalContext = replace(turn.after.personal, absence=absence)
        return replace(turn, after=replace(turn.after, personal=personal)).advanced()
