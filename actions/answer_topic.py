"""Answers a topic from the leaflet, or small talk."""

from actions.base import TurnAction, Voice
from bot.dialogue.personal_message import PersonalMessage
from bot.dialogue.turn import Turn


class ActionAnswerTopic(TurnAction):
    """Says the wording of one topic."""

    def name(self) -> str:
        """Return the name that the domain and the stories use."""
        return "action_answer_topic"

    async def perform(self, turn: Turn, message: PersonalMessage, voice: Voice) -> Turn:
        """Say it."""
        voice.say(turn.topic)
        return turn.advanced()
