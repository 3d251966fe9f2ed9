"""One message in, replies out: the only door to the bot, for every channel."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bot.conversation.consent import STOP_MESSAGES, Stopping, Wished
from bot.conversation.identity import OPT_OUT_CHANNELS, Identity, IdentityResult, MessagingConsent
from bot.conversation.local_states import LocalStates
from bot.conversation.locks import ConversationLocks
from bot.conversation.reading.reactions import ReactionReading
from bot.conversation.reading.readers import Hearing
from bot.conversation.reading.wishes import Wish
from bot.conversation.state import NEW, ConversationState
from bot.conversation.unit import ConversationUnit
from bot.database.engine import Database, DatabaseError
from bot.database.unit_of_work import utc_now
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


class MessageHandler:
    """Safety first, then who is asking, then the dialogue. Messages of one conversation are handled in order."""

    def __init__(
        self,
        detector: Detector,
        identity: Identity,
        dialogue: "RasaAgent",
        catalog: ResponseCatalog,
        values: dict[str, str],
        hearing: Hearing,
        database: Database,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        """Take what the composition root has built; ``values`` fill the placeholders of fixed replies."""
        self._detector = detector
        self._identity = identity
        self._dialogue = dialogue
        self._catalog = catalog
        self._values = values
        self._reactions = hearing.reactions
        self._stopping = Stopping(hearing.consent, identity, self._words)
        self._clock = clock
        self._locks = ConversationLocks()
        self._local = LocalStates(database, clock)

    async def handle(self, message: InboundMessage, unit: ConversationUnit | None = None) -> Answer:
        """Return the answer to ``message``. A failure inside is said to the person, and logged without text.

        A message without a unit of work is one of a conversation of this process alone, in the terminal for example:
        what it changes is written at its end, and the state of its conversation is kept in memory.
        """
        try:
            if unit is not None:
                return await self.answer(message, unit)
            async with self._local.unit(message.address) as unit:
                return await self.answer(message, unit)
        except (DialogueError, DatabaseError):
            logger.exception("a message could not be handled")
            if unit is not None:
                unit.discard()
            return self.apology(message.reply_format)

    def apology(self, reply_format: ReplyFormat) -> Answer:
        """Return what is said for a message that could not be handled."""
        return Answer((Reply(self._words("trouble", reply_format)),))

    def slow_down(self, reply_format: ReplyFormat) -> Answer:
        """Return what is said to somebody who writes too much at once."""
        return Answer((Reply(self._words("slow_down", reply_format)),))

    def safety_response(self, message: InboundMessage) -> Answer | None:
        """Return the answer to a message that says a life or a child is at risk, or threatens; None for any other."""
        return self._safety_response(message, self._reactions.read(message.content))

    def _safety_response(self, message: InboundMessage, read: ReactionReading) -> Answer | None:
        risk = self._detector.risk(read.words)
        if not risk:
            return None
        answer = self._fixed(risk, message.reply_format, confidence=1.0)
        return replace(answer, held_secret=message.content.holds_secret)

    def must_be_heard(self, message: InboundMessage, state: ConversationState = NEW) -> bool:
        """Tell whether a message stops or starts messages: it is handled even from somebody who writes too much."""
        return self._stopping.must_be_heard(message, self._reactions.read(message.content).said, state)

    async def works(self) -> bool:
        """Tell whether the model that is loaded understands and answers: for whoever watches the service."""
        decision = await self._dialogue.respond(Text("hello"), ConversationState(), ReplyFormat.SCREEN, self._clock())
        return bool(decision.responses)

    def switch(self, model: Path) -> None:
        """Go on with another model, between messages."""
        self._dialogue.switch(model)

    async def answer(self, message: InboundMessage, unit: ConversationUnit) -> Answer:
        """Return the answer to ``message``; raise DialogueError or DatabaseError for a failure inside."""
        reading, now = self._reactions.read(message.content), message.at or self._clock()
        danger = self._safety_response(message, reading)
        if danger:
            return await self._respond_to_danger(danger, message, reading, now, unit)
        if not reading.answer and message.reply_format in OPT_OUT_CHANNELS:
            return Answer(())
        if message.public:
            return Answer((Reply(self._words("only_in_private", message.reply_format)),))
        text = reading.said
        if not has_words(text.clean) and text.clean not in ("?", "??"):
            return await self._without_words(message, unit)
        async with self._locks.of(str(message.address)):
            wished, may_write, about_writing = await self._stopping.apply(message, text, now, unit)
            if about_writing:
                unit.state = unit.state.ended()
                return about_writing
            identity = await self._identity.authenticate(message, text, now, unit)
            if may_write is MessagingConsent.NO:
                return await self._handle_opted_out(message, text, identity, wished, now, unit)
            if identity.response_key in IDENTITY_CHANGED_RESPONSES:
                unit.state = ConversationState()
            elif identity.response_key:  # a PIN, right or wrong: whoever holds the telephone now may be somebody else
                unit.state = unit.state.ended()
            if identity.response_key and not identity.question:
                return self._said(identity, message.reply_format)
            answer = await self._stopping.answer(wished, message, now, unit) if not identity.response_key else None
            question = Text(identity.question) if identity.question else text
            answer = answer or await self._handle_with_insult_notice(message, question, identity, wished, now, unit)
        if identity.response_key:  # a PIN, and the question that was waiting for it
            return replace(
                answer, replies=(*self._said(identity, message.reply_format).replies, *answer.replies), held_secret=True
            )
        return answer

    async def _respond_to_danger(
        self, danger: Answer, message: InboundMessage, reading: ReactionReading, now: datetime, unit: ConversationUnit
    ) -> Answer:
        """Answer danger before anything else. A STOP beside it is honoured, and staff are told of both."""
        unit.state = unit.state.ended()
        if danger.topics[0] in SAFEGUARDING_TOPICS:
            unit.state = unit.state.answered_with(danger.topics[0], now)
        try:
            danger = await self._stopping.honoured(danger, message, reading.said.raw, now, unit)
        except DatabaseError:  # the answer does not wait for it
            logger.exception("a wish to stop could not be kept")
        return await self._attach_participant(danger, message, now, unit)

    async def _without_words(self, message: InboundMessage, unit: ConversationUnit) -> Answer:
        """Answer a message of pictures: a thumb is neither yes nor no."""
        if message.reply_format in OPT_OUT_CHANNELS and await self._identity.opted_out(message, unit):
            return Answer(())
        asked = bool(message.text.strip()) and unit.state.asks_yes_or_no
        return Answer((Reply(self._words("yes_or_no" if asked else "empty", message.reply_format)),))

    async def _handle_opted_out(
        self,
        message: InboundMessage,
        text: Text,
        identity: IdentityResult,
        wished: Wished,
        now: datetime,
        unit: ConversationUnit,
    ) -> Answer:
        """Stay silent to somebody who asked for it, but for what the classifier hears as danger."""
        if identity.response_key or self._stopping.says_nothing_new(wished):
            return Answer((), held_secret=identity.held_secret)
        before = unit.state
        answer = Answer(()) if wished.wish is Wish.GO_ON else await self._respond(message, text, identity, now, unit)
        if answer.alerts:
            return replace(answer, alerts=(*answer.alerts, OPTED_OUT))
        unit.state = before  # the next message refers to nothing that was not answered
        return self._stopping.how_to_start(message, text.clean)

    async def _attach_participant(
        self, answer: Answer, message: InboundMessage, now: datetime, unit: ConversationUnit
    ) -> Answer:
        """Have staff told who is in danger, where that is known, and whether they asked not to be written to."""
        try:
            person = await self._identity.person(message, now, unit)
            opted_out = await self._identity.opted_out(message, unit)
        except DatabaseError:  # the answer does not wait for it
            return answer
        alerts = (*answer.alerts, OPTED_OUT) if opted_out else answer.alerts
        return replace(answer, alerts=alerts, participant_id=person)

    async def _handle_with_insult_notice(
        self,
        message: InboundMessage,
        text: Text,
        identity: IdentityResult,
        wished: Wished,
        now: datetime,
        unit: ConversationUnit,
    ) -> Answer:
        """Answer ``text``; where it has insults, say first, once in a while, that they are to be left out."""
        besides = self._detector.besides_insults(text)
        has_more = besides is not None and len(besides.split()) >= MIN_WORDS_BESIDES_INSULT
        answer = await self._respond(message, Text(besides) if besides and has_more else text, identity, now, unit)
        answer = await self._stopping.understood(answer, wished, message, now, unit)
        if answer.alerts or STOP_MESSAGES in answer.topics or besides is None:
            return answer
        last = unit.state.insult_notice_at
        if last is not None and now < last + INSULT_NOTICE_INTERVAL:
            return answer
        unit.state = replace(unit.state, insult_notice_at=now)
        # "The leaflet does not say" answers a question, and would be an odd answer to an insult alone.
        understood = has_more or answer.suggestions or set(answer.topics) - {"out_of_scope"}
        first = Reply(self._words("boundary", message.reply_format), topic="boundary")
        return replace(answer, replies=(first, *(answer.replies if understood else ())))

    async def _respond(
        self, message: InboundMessage, text: Text, identity: IdentityResult, now: datetime, unit: ConversationUnit
    ) -> Answer:
        caller = identity.caller
        decision = await self._dialogue.respond(text, unit.state, message.reply_format, now, caller, unit)
        unit.state = decision.state
        if decision.refused and caller.access in (Access.LOCKED, Access.NO_PIN):
            await self._identity.keep_question(message.address, self._question_of(decision, text), unit)
        if identity.awaits_pin and decision.outcome in _MAKES_NO_SENSE:
            reply = Reply(self._words("pin_awaited", message.reply_format))
            return Answer((reply,), participant_id=caller.participant_id)
        answer = self._answer(decision, message.reply_format)
        return replace(answer, participant_id=caller.participant_id, personal=caller.access is Access.UNLOCKED)

    def _question_of(self, decision: Decision, text: Text) -> str:
        """Return what is to be asked again after the PIN: a "yes" by itself would say nothing then."""
        picked = self._catalog.title(decision.picked) if decision.picked else None
        return decision.ask_again or picked or text.clean

    def _said(self, identity: IdentityResult, reply_format: ReplyFormat) -> Answer:
        reply = Reply(self._catalog.text(identity.response_key or "", reply_format, **self._values, **identity.values))
        return Answer((reply,), held_secret=identity.held_secret)

    def _answer(self, decision: Decision, reply_format: ReplyFormat) -> Answer:
        return Answer(
            tuple(self._reply(response, reply_format) for response in decision.responses),
            decision.topics,
            decision.suggestions,
            decision.confidence,
            decision.alerts,
            understood=decision.outcome,
            near_danger=decision.near_danger,
        )

    def _reply(self, response: BotResponse, reply_format: ReplyFormat) -> Reply:
        section = response.section
        if reply_format is ReplyFormat.SMS:
            options = "".join(f"\n{number}. {title}" for number, title in enumerate(response.options, 1))
            return Reply(gsm.to_gsm(response.text + options), section, topic=response.topic)
        buttons = tuple(Button(title, title) for title in response.options)
        return Reply(response.text, section, buttons, response.file, response.topic)

    def _fixed(self, topic: str, reply_format: ReplyFormat, *, confidence: float) -> Answer:
        reply = Reply(self._words(topic, reply_format), topic=topic)
        return Answer((reply,), (topic,), (), confidence, (topic,), understood=AnswerOutcome.ANSWERED)

    def _words(self, topic: str, reply_format: ReplyFormat) -> str:
        return self._catalog.text(topic, reply_format, **self._values)
