"""What the actions that answer from a person's record have in common."""

from dataclasses import replace

from actions.base import TurnAction, Voice
from bot.dialogue.personal_message import PersonalMessage
from bot.dialogue.turn import Turn


class PersonalAction(TurnAction):
    """Answers a personal topic, or says what has to come first: a link, a PIN."""

    async def perform(self, turn: Turn, message: PersonalMessage, voice: Voice) -> Turn:
        """Say the answer; the next message may refer to what it shows."""
        return (await answered(self, turn, turn.topic, message, voice)).advanced()


async def answered(action: TurnAction, turn: Turn, topic: str, message: PersonalMessage, voice: Voice) -> Turn:
    """Say the answer to the personal ``topic``; return the turn with what the next message may refer to."""
    reply, shown = await action.tools.personal.answer(topic, message)
    voice.reply(reply)
    kept = turn.after.personal
    merged = replace(
        shown,
        session_start=shown.session_start or kept.session_start,
        listed=shown.listed or kept.listed,
        absence=shown.absence or kept.absence,
    )
    return replace(turn, after=replace(turn.after, personal=merged))
