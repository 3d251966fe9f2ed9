"""Offers a person's own figure after an answer from the leaflet."""

from actions.base import TurnAction, Voice
from bot.dialogue.personal_message import PersonalMessage
from bot.dialogue.turn import Turn


class ActionOfferPersonal(TurnAction):
    """Asks whether the person wants to know it of themselves: "How many more can you miss?"."""

    def name(self) -> str:
        """Return the name that the domain and the stories use."""
        return "action_offer_personal"

    async def perform(self, turn: Turn, message: PersonalMessage, voice: Voice) -> Turn:
        """Ask, with buttons to take the offer and, where they are tapped, to leave it."""
        text, titles = self.tools.personal.offer(turn.topic, turn.step.topics, message.reply_format)
        voice.dispatcher.utter_message(text=text, buttons=[voice.button(title) for title in titles])
        return turn.advanced()
