"""Gives the last answer again."""

from actions.base import TurnAction, Voice
from actions.personal_action import answered
from bot.dialogue.personal_message import PersonalMessage
from bot.dialogue.turn import Turn
from bot.topics.registry import PERSONAL


class ActionRepeat(TurnAction):
    """Says the topics of the last answer again; those from the record as it is now."""

    def name(self) -> str:
        """Return the name that the domain and the stories use."""
        return "action_repeat"

    async def perform(self, turn: Turn, message: PersonalMessage, voice: Voice) -> Turn:
        """Say them, in their order."""
        for topic in turn.step.topics:
            if topic in PERSONAL:
                turn = await answered(self, turn, topic, message, voice)
            else:
                voice.say(topic)
        return turn.advanced()
