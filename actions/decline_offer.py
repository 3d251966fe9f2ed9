"""Takes a no to an offer."""

from actions.base import TurnAction, Voice
from bot.dialogue.personal_message import PersonalMessage
from bot.dialogue.turn import Turn


class ActionDeclineOffer(TurnAction):
    """Says that it is all right not to take an offer."""

    def name(self) -> str:
        """Return the name that the domain and the stories use."""
        return "action_decline_offer"

    async def perform(self, turn: Turn, message: PersonalMessage, voice: Voice) -> Turn:
        """Say it."""
        text = self.tools.personal.said("offer_declined", message.reply_format)
        voice.dispatcher.utter_message(text=text)
        return turn.advanced()
