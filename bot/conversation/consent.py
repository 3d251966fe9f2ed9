"""Being written to: what is done and said about STOP, START, wishes to go on, and numbers of somebody else."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.conversation.identity import OPT_OUT_CHANNELS, Identity, MessagingConsent
from bot.conversation.reading.consent_phrases import ConsentReader
from bot.conversation.reading.wishes import Wish
from bot.conversation.state import ConversationState
from bot.conversation.unit import ConversationUnit
from bot.dialogue import yes_no
from bot.dialogue.yes_no import YesNo
from bot.messages import Answer, Button, InboundMessage, Reply, ReplyFormat
from bot.text.text import Text

STOP_MESSAGES = "stop_messages"
_ASKED_FOR = timedelta(days=1)
"""How long the question whether messages are to stop waits for its answer."""
_SAID: dict[MessagingConsent, tuple[str, tuple[str, ...]]] = {
    MessagingConsent.STOPPED: (STOP_MESSAGES, (STOP_MESSAGES,)),
    MessagingConsent.AGAIN: ("started_again", ()),
    MessagingConsent.EXPLAIN: ("who_this_is", ("help",)),
    MessagingConsent.ON_DUTY: ("duty_phone", ()),
}
"""The response and the topics for a word that is about being written to."""
_ANSWERED = {Wish.GO_ON: "messages_go_on", Wish.WRONG_NUMBER: "wrong_number"}
_HEARD_THOUGH_THROTTLED = frozenset({Wish.STOP, Wish.CANCEL, Wish.START, Wish.START_SAID})
_SILENT = frozenset({Wish.STOP, Wish.CANCEL, Wish.CONFIRM, Wish.WRONG_NUMBER, Wish.WHO})
"""Wishes that say nothing new to somebody who is written to no more, and nothing else either."""


@dataclass(frozen=True)
class Wished:
    """What a message wishes, its answer to the question whether messages are to stop taken in."""

    wish: Wish
    asked: bool = False
    """Whether that question was asked just before: it is not asked again."""
    text: str = ""


class Stopping:
    """Knows what is to be said about being written to. Everything else is the dialogue's."""

    def __init__(
        self,
        consent: ConsentReader,
        identity: Identity,
        words: Callable[[str, ReplyFormat], str],
    ) -> None:
        """Take what reads wishes, what keeps them, and the ``words`` for a response."""
        self._consent = consent
        self._identity = identity
        self._words = words
        self._yes_no: YesNo = yes_no.load()

    def must_be_heard(self, message: InboundMessage, text: Text, state: ConversationState) -> bool:
        """Tell whether ``text`` is about being written to, and so is handled however much the person writes."""
        if message.reply_format not in OPT_OUT_CHANNELS:
            return False
        now = message.at or state.stop_asked_at
        wished = self._wished(text, state.stop_asked_at, now) if now else Wished(self._consent.read(text.raw))
        return wished.wish in _HEARD_THOUGH_THROTTLED

    async def apply(
        self, message: InboundMessage, text: Text, now: datetime, unit: ConversationUnit
    ) -> tuple[Wished, MessagingConsent, Answer | None]:
        """Carry out what ``text`` wishes. A question whether to stop is answered by this message, or dropped.

        Return the wish, whether the person is written to, and the answer where that is all there is to say.
        """
        wished = Wished(Wish.NONE)
        if message.reply_format in OPT_OUT_CHANNELS:
            wished = replace(self._wished(text, unit.state.stop_asked_at, now), text=text.raw)
            unit.state = replace(unit.state, stop_asked_at=None)
        in_exchange = unit.state.in_exchange
        consent = await self._identity.may_write(message, wished.wish, now, unit, in_exchange=in_exchange)
        if consent is MessagingConsent.STOPPED:  # whatever was begun is over
            unit.state = ConversationState()
        return wished, consent, self._about(consent, message.reply_format) if consent in _SAID else None

    async def answer(
        self, wished: Wished, message: InboundMessage, now: datetime, unit: ConversationUnit
    ) -> Answer | None:
        """Return the answer to a wish of somebody who is written to, and goes on to be; None where it is none."""
        if wished.wish is Wish.CONFIRM:
            return self._question(message, now, unit)
        goes_on = wished.wish is Wish.START_SAID and self._consent.goes_on(wished.text)
        says = _ANSWERED.get(Wish.GO_ON if goes_on else wished.wish)
        if wished.wish is Wish.CANCEL and unit.state.in_exchange and unit.state.personal.absence is None:  # an offer
            unit.state = ConversationState()
            says = "cancelled"
        return Answer((Reply(self._words(says, message.reply_format)),), confidence=1.0) if says else None

    async def understood(
        self, answer: Answer, wished: Wished, message: InboundMessage, now: datetime, unit: ConversationUnit
    ) -> Answer:
        """Have a wish to stop that was only understood, and not said in so many words, confirmed by one question."""
        if STOP_MESSAGES not in answer.topics or message.reply_format not in OPT_OUT_CHANNELS:
            return answer
        if wished.wish in (Wish.GO_ON, Wish.START_SAID):
            return Answer((Reply(self._words(_ANSWERED[Wish.GO_ON], message.reply_format)),))
        if wished.asked:
            stopped = await self._identity.stop(message.address, now, unit)
            return self._about(MessagingConsent.STOPPED if stopped else MessagingConsent.ON_DUTY, message.reply_format)
        others = tuple(reply for reply in answer.replies if reply.topic != STOP_MESSAGES)
        question = self._question(message, now, unit)
        return replace(answer, replies=(*others, *question.replies))

    async def honoured(
        self, answer: Answer, message: InboundMessage, text: str, now: datetime, unit: ConversationUnit
    ) -> Answer:
        """Stop writing, where somebody in danger asks for that as well; ``answer`` is the one about the danger."""
        if message.reply_format not in OPT_OUT_CHANNELS or message.public or self._consent.read(text) is not Wish.STOP:
            return answer
        if await self._identity.opted_out(message, unit) or not await self._identity.stop(message.address, now, unit):
            return answer
        said = Reply(self._words(STOP_MESSAGES, message.reply_format))
        return replace(answer, replies=(*answer.replies, said))

    def says_nothing_new(self, wished: Wished) -> bool:
        """Tell whether somebody who is written to no more only says so again."""
        return wished.wish in _SILENT

    def how_to_start(self, message: InboundMessage, text: str) -> Answer:
        """Return one line for somebody who is written to no more and writes of starting; silence for anybody else."""
        if not self._consent.of_starting(text):
            return Answer(())
        return Answer((Reply(self._words("send_start", message.reply_format)),))

    def _wished(self, text: Text, asked_at: datetime | None, now: datetime) -> Wished:
        wish = self._consent.read(text.raw)
        if asked_at is None or now > asked_at + _ASKED_FOR:
            return Wished(wish)
        said = self._yes_no.read(text.normalised)
        if wish is Wish.NONE and said is yes_no.Agreement.NO:
            return Wished(Wish.GO_ON, asked=True)
        stops = wish is Wish.CONFIRM or (wish is Wish.NONE and said is yes_no.Agreement.YES)
        return Wished(Wish.STOP if stops else wish, asked=True)

    def _question(self, message: InboundMessage, now: datetime, unit: ConversationUnit) -> Answer:
        unit.state = replace(unit.state, stop_asked_at=now)
        titles = (self._words("button_yes", message.reply_format), self._words("button_no", message.reply_format))
        buttons = (
            tuple(Button(title, title) for title in titles) if message.reply_format is ReplyFormat.TELEGRAM else ()
        )
        reply = Reply(self._words("stop_or_not", message.reply_format), buttons=buttons)
        return Answer((reply,), (STOP_MESSAGES,), confidence=1.0)

    def _about(self, may_write: MessagingConsent, reply_format: ReplyFormat) -> Answer:
        says, topics = _SAID[may_write]
        return Answer((Reply(self._words(says, reply_format)),), topics, confidence=1.0)
