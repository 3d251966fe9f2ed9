"""The exchange about an absence: saying that one cannot come, or what was reported."""

from actions.base import Voice
from actions.personal_action import PersonalAction
from bot.dialogue.personal_message import PersonalMessage
from bot.dialogue.turn import Turn


class ActionReportAbsence(PersonalAction):
    """Carries out the next step of the exchange; its stages are in :mod:`bot.dialogue.absence_exchange`."""

    def name(self) -> str:
        """Return the name that the domain and the stories use."""
        return "action_report_absence"

    async def perform(self, turn: Turn, message: PersonalMessage, voice: Voice) -> Turn:
        """Answer; hand on to what was understood otherwise, where the message is about no report after all."""
        if turn.otherwise and not await self.tools.personal.has_reported(message):
            return turn.otherwise
        return await super().perform(turn, message, voice)
