"""One message in, replies out: the only door to the bot, for every channel."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bot.conversation.consent import STOP_MESSAGES, Stopping, Wished
from bot.conversation.identity import OPT_OUT_CHANNELS, Identity, IdentityResult, MessagingConsent
from bot.conversation.locks import ConversationLocks
from bot.conversation.reading.reactions import ReactionReading
from bot.conversation.reading.readers import Hearing
from bot.conversation.reading.wishes import Wish
from bot.conversation.state import ConversationState
from bot.conversation.states import ConversationStates
from bot.database.engine import DatabaseError
from bot.dialogue.decision import BotResponse, Decision
from bot.dialogue.errors import DialogueError
from bot.messages import Answer, AnswerOutcome, Button, InboundMessage, Reply, ReplyFormat
from bot.records.enums import Access
from bot.replies import gsm
from bot.replies.wording import ResponseCatalog
from bot.safety.detector import Detector
from bot.text.clean import has_words
from bot.text.text import Text
from bot.topics.registry import SAFEGUARDING_TOPICS

if TYPE_CHECKING:  # it imports Rasa, which is loaded late and without TensorFlow (bot/bootstrap.py)
    from bot.dialogue.agent import RasaAgent

logger = logging.getLogger(__name__)

INSULT_NOTICE_INTERVAL = timedelta(days=1)
"""How long the sentence about insults is not said again in a conversation."""
MIN_WORDS_BESIDES_INSULT = 2
"""If at least this many words remain after insults are removed, only those are classified."""
OPTED_OUT = "opted_out"
"""The alert that says that somebody in danger has asked not to be written to."""
IDENTITY_CHANGED_RESPONSES = frozenset({"linked_choose_pin", "linked_send_pin", "unlinked"})
"""After these responses the conversation belongs to another person: the state of the one before is cleared."""
_MAKES_NO_SENSE = (AnswerOutcome.OFFERED, AnswerOutcome.NOT_UNDERSTOOD)


def utc_now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


class MessageHandler:
    """Safety first, then who is asking, then the dialogue. Messages of one conversation are handled in order."""

    def __init__(
        self,
        detector: Detector,
        identity: Identity,
        dialogue: "RasaAgent",
        wording: ResponseCatalog,
        values: dict[str, str],
        hearing: Hearing,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        """Take what the composition root has built; ``values`` fill the placeholders of fixed replies."""
        self._detector = detector
        self._identity = identity
        self._dialogue = dialogue
        self._wording = wording
        self._values = values
        self._reactions = hearing.reactions
        self._states = ConversationStates()
        self._stopping = Stopping(hearing.consent, identity, self._states, self._words)
        self._clock = clock
        self._turns = ConversationLocks()

    async def handle(self, message: InboundMessage) -> Answer:
        """Return the answer to ``message``. A failure inside is said to the person, and logged without text."""
        try:
            return await self.answer(message)
        except (DialogueError, DatabaseError):
            logger.exception("a message could not be handled")
            return self.apology(message.rendering)

    def apology(self, rendering: ReplyFormat) -> Answer:
        """Return what is said for a message that could not be handled."""
        return Answer((Reply(self._words("trouble", rendering)),))

    def slow_down(self, rendering: ReplyFormat) -> Answer:
        """Return what is said to somebody who writes too much at once."""
        return Answer((Reply(self._words("slow_down", rendering)),))

    def in_danger(self, message: InboundMessage) -> Answer | None:
        """Return the answer to a message that says a life or a child is at risk, or threatens; None for any other."""
        return self._safety_response(message, self._reactions.read(message.content))

    def _safety_response(self, message: InboundMessage, read: ReactionReading) -> Answer | None:
        risk = self._detector.risk(read.words)
        if not risk:
            return None
        answer = self._fixed(risk, message.rendering, confidence=1.0)
        return replace(answer, held_secret=message.content.holds_secret)

    def must_be_heard(self, message: InboundMessage) -> bool:
        """Tell whether a message stops or starts messages, and so has to be heard from somebody who writes too much."""
        return self._stopping.must_be_heard(message, self._reactions.read(message.content).said)

    async def works(self) -> bool:
        """Tell whether the model that is loaded understands and answers: for whoever watches the service."""
        decision = await self._dialogue.respond(Text("hello"), ConversationState(), ReplyFormat.SCREEN, self._clock())
        return bool(decision.responses)

    def switch(self, model: Path) -> None:
        """Go on with another model, between messages."""
        self._dialogue.switch(model)

    async def remember(self, conversation: str, state: str | None) -> None:
        """Take up a conversation where :meth:`remembered` left it; None for a new one."""
        self._states.put(conversation, None if state is None else ConversationState.load(state))

    def remembered(self, conversation: str) -> str | None:
        """Return what the next message of a conversation is understood with, as text; None where there is nothing."""
        state = self._states.kept(conversation)
        return state.dump() if state is not None else None

    async def answer(self, message: InboundMessage) -> Answer:
        """Return the answer to ``message``; raise DialogueError or DatabaseError for a failure inside."""
        heard, now = self._reactions.read(message.content), message.at or self._clock()
        danger = self._safety_response(message, heard)
        if danger:
            self._states.end_exchange(message.conversation)
            return await self._in_danger(danger, message, heard, now)
        if not heard.answer and message.rendering in OPT_OUT_CHANNELS:
            return Answer(())
        if message.public:
            return Answer((Reply(self._words("only_in_private", message.rendering)),))
        text = heard.said
        if not has_words(text.clean) and text.clean not in ("?", "??"):
            return await self._without_words(message)
        async with self._turns.of(message.conversation):
            wished = self._stopping.take(message, text, now)
            may_write, about_writing = await self._stopping.carried_out(wished, message, now)
            if about_writing:
                self._states.end_exchange(message.conversation)
                return about_writing
            taken = await self._identity.take(message, text, now)
            if may_write is MessagingConsent.NO:
                return await self._unless_danger(message, text, taken, wished, now)
            if taken.says in IDENTITY_CHANGED_RESPONSES:
                self._states.forget(message.conversation)
            elif taken.says:  # a PIN, right or wrong: whoever holds the telephone now may be somebody else
                self._states.end_exchange(message.conversation)
            if taken.says and not taken.question:
                return self._said(taken, message.rendering)
            answer = await self._stopping.answer(wished, message, now) if not taken.says else None
            question = Text(taken.question) if taken.question else text
            answer = answer or await self._hear_civilly(message, question, taken, wished, now)
        if taken.says:  # a PIN, and the question that was waiting for it
            return replace(
                answer, replies=(*self._said(taken, message.rendering).replies, *answer.replies), held_secret=True
            )
        return answer

    async def _in_danger(
        self, danger: Answer, message: InboundMessage, heard: ReactionReading, now: datetime
    ) -> Answer:
        """Answer danger before anything else. A STOP beside it is honoured, and staff are told of both."""
        if danger.topics[0] in SAFEGUARDING_TOPICS:
            state = self._states.get(message.conversation)
            self._states.put(message.conversation, state.answered_with(danger.topics[0], now))
        try:
            danger = await self._stopping.honoured(danger, message, heard.said.raw, now)
        except DatabaseError:  # the answer does not wait for it
            logger.exception("a wish to stop could not be kept")
        return await self._with_person(danger, message, now)

    async def _without_words(self, message: InboundMessage) -> Answer:
        """Answer a message of pictures: a thumb is neither yes nor no."""
        if message.rendering in OPT_OUT_CHANNELS and await self._identity.opted_out(message):
            return Answer(())
        asked = bool(message.text.strip()) and self._states.get(message.conversation).asks_yes_or_no
        return Answer((Reply(self._words("yes_or_no" if asked else "empty", message.rendering)),))

    async def _unless_danger(
        self, message: InboundMessage, text: Text, taken: IdentityResult, wished: Wished, now: datetime
    ) -> Answer:
        """Stay silent to somebody who asked for it, but for what the classifier hears as danger."""
        if taken.says or self._stopping.says_nothing_new(wished):
            return Answer((), held_secret=taken.held_secret)
        before = self._states.kept(message.conversation)
        answer = Answer(()) if wished.wish is Wish.GO_ON else await self._hear(message, text, taken, now)
        if answer.alerts:
            return replace(answer, alerts=(*answer.alerts, OPTED_OUT))
        self._states.put(message.conversation, before)  # the next message refers to nothing that was not answered
        return self._stopping.how_to_start(message, text.clean)

    async def _with_person(self, answer: Answer, message: InboundMessage, now: datetime) -> Answer:
        """Have staff told who is in danger, where that is known, and whether they asked not to be written to."""
        try:
            person = await self._identity.person(message, now)
            opted_out = await self._identity.opted_out(message)
        except DatabaseError:  # the answer does not wait for it
            return answer
        alerts = (*answer.alerts, OPTED_OUT) if opted_out else answer.alerts
        return replace(answer, alerts=alerts, participant_id=person)

    async def _hear_civilly(
        self, message: InboundMessage, text: Text, taken: IdentityResult, wished: Wished, now: datetime
    ) -> Answer:
        """Hear ``text``; say first, once in a while, that insults are to be left out, where it has any."""
        besides = self._detector.besides_insults(text)
        has_more = besides is not None and len(besides.split()) >= MIN_WORDS_BESIDES_INSULT
        answer = await self._hear(message, Text(besides) if besides and has_more else text, taken, now)
        answer = await self._stopping.understood(answer, wished, message, now)
        if answer.alerts or STOP_MESSAGES in answer.topics or besides is None:
            return answer
        last = self._states.get(message.conversation).insult_notice_at
        if last is not None and now < last + INSULT_NOTICE_INTERVAL:
            return answer
        self._states.change(message.conversation, insult_notice_at=now)
        # "The leaflet does not say" answers a question, and would be an odd answer to an insult alone.
        understood = has_more or answer.suggestions or set(answer.topics) - {"out_of_scope"}
        first = Reply(self._words("boundary", message.rendering), topic="boundary")
        return replace(answer, replies=(first, *(answer.replies if understood else ())))

    async def _hear(self, message: InboundMessage, text: Text, taken: IdentityResult, now: datetime) -> Answer:
        caller, conversation = taken.speaker, message.conversation
        decision = await self._dialogue.respond(text, self._states.get(conversation), message.rendering, now, caller)
        self._states.put(conversation, decision.state)
        if decision.refused and caller.access in (Access.LOCKED, Access.NO_PIN):
            await self._identity.keep_question(message.address, self._question_of(decision, text))
        if taken.awaits_pin and decision.outcome in _MAKES_NO_SENSE:
            reply = Reply(self._words("pin_awaited", message.rendering))
            return Answer((reply,), participant_id=caller.participant_id)
        answer = self._answer(decision, message.rendering)
        return replace(answer, participant_id=caller.participant_id, personal=caller.access is Access.UNLOCKED)

    def _question_of(self, decision: Decision, text: Text) -> str:
        """Return what is to be asked again after the PIN: a "yes" by itself would say nothing then."""
        picked = self._wording.title(decision.picked) if decision.picked else None
        return decision.ask_again or picked or text.clean

    def _said(self, taken: IdentityResult, rendering: ReplyFormat) -> Answer:
        reply = Reply(self._wording.text(taken.says or "", rendering, **self._values, **taken.values))
        return Answer((reply,), held_secret=taken.held_secret)

    def _answer(self, decision: Decision, rendering: ReplyFormat) -> Answer:
        return Answer(
            tuple(self._reply(response, rendering) for response in decision.responses),
            decision.topics,
            decision.suggestions,
            decision.confidence,
            decision.alerts,
            understood=decision.outcome,
            near_danger=decision.near_danger,
        )

    def _reply(self, response: BotResponse, rendering: ReplyFormat) -> Reply:
        section = response.section
        if rendering is ReplyFormat.SMS:
            options = "".join(f"\n{number}. {title}" for number, title in enumerate(response.options, 1))
            return Reply(gsm.to_gsm(response.text + options), section, topic=response.topic)
        buttons = tuple(Button(title, title) for title in response.options)
        return Reply(response.text, section, buttons, response.file, response.topic)

    def _fixed(self, topic: str, rendering: ReplyFormat, *, confidence: float) -> Answer:
        reply = Reply(self._words(topic, rendering), topic=topic)
        return Answer((reply,), (topic,), (), confidence, (topic,), understood=AnswerOutcome.ANSWERED)

    def _words(self, topic: str, rendering: ReplyFormat) -> str:
        return self._wording.text(topic, rendering, **self._values)
