"""What a message means beside the person's own record, by its words alone: no record and no Rasa in here."""

from collections.abc import Iterable

from bot.conversation.absence_state import AbsenceState
from bot.dialogue import absence_reading, absence_topic
from bot.dialogue.absence_exchange import ExchangeAnswer, takes
from bot.dialogue.choice import NextStep
from bot.dialogue.exchange import Event, Exchange
from bot.dialogue.personal_message import PersonalMessage
from bot.dialogue.personal_phrases import PersonalPhrases
from bot.dialogue.topic_actions import DATED_TOPICS, OTHER_PEOPLE, REPORT
from bot.topics.registry import PERSONAL, SAFEGUARDING_TOPICS


class PersonalReader:
    """Reads messages with the phrases of data/dialogue/record.yml and the words of the exchange about absences."""

    def __init__(self, phrases: PersonalPhrases, exchange: Exchange) -> None:
        """Take what was read from the files."""
        self.phrases = phrases
        self.exchange = exchange

    def continues_topic(self, message: PersonalMessage) -> str | None:
        """Return the personal topic that a message goes on with after the last one, by its words or its date alone."""
        last, state, text = set(message.before.topics), message.absence, message.text
        if state and takes(state, self.exchange_answer(message, state).event):
            return REPORT
        if REPORT in last and message.dated and self.phrases.corrects(text):
            return REPORT
        if self.phrases.last_held(text):
            return "my_next_session"
        if last & {"my_next_session", "my_venue", REPORT} and self.phrases.after_that(text):
            return "my_next_session"
        if "my_schedule" in last and self.phrases.more(text):
            return "my_schedule"
        return "my_next_session" if self._asks_what_is_on(message) else None

    def exchange_answer(self, message: PersonalMessage, state: AbsenceState) -> ExchangeAnswer:
        """Return what a message does in the exchange about an absence that stands at ``state``."""
        corrects = self.phrases.corrects(message.text)
        return absence_reading.answer(self.exchange, state, message.raw, message.text, message.when, corrects=corrects)

    def event(self, message: PersonalMessage) -> Event:
        """Return what a message says about coming, or about what was reported."""
        return self.exchange.read(message.raw, message.text).event

    def is_about_somebody_else(self, topics: Iterable[str], message: PersonalMessage) -> bool:
        """Tell whether what looks like a question about the own record is one about another person's."""
        topics = tuple(topics)
        personal = bool(PERSONAL & set(topics))
        return topics == (OTHER_PEOPLE,) or (personal and self.phrases.about_somebody_else(message.text))

    def settles_doubt(self, offered: Iterable[str], message: PersonalMessage) -> str | None:
        """Return the topic that need not be asked about: a known person who names a day is told what is on then."""
        settled = message.is_known and message.dated and DATED_TOPICS & set(offered)
        return "my_next_session" if settled else None

    def declines(self, message: PersonalMessage) -> bool:
        """Tell whether a message means no."""
        return self.event(message) is Event.DECLINES

    def may_be_about_report(self, step: NextStep, message: PersonalMessage) -> bool:
        """Tell whether a message is about what the person has reported, if there is such a report."""
        return (
            message.is_unlocked
            and absence_topic.may_replace(step)
            and absence_topic.about_reports(self.event(message), step)
        )

    def by_words(self, step: NextStep, message: PersonalMessage) -> NextStep:
        """Return ``step``, or what is answered in its place by what the message says about coming."""
        if not absence_topic.may_replace(step):
            return step
        known = message.is_known
        return absence_topic.by_words(self.event(message), step, known=known, dated=known and message.dated)

    def offer(self, topics: Iterable[str], message: PersonalMessage) -> str | None:
        """Return the personal topic to offer after an answer from the leaflet; None for a person not linked."""
        if not message.is_known:
            return None
        return next((offer.topic for topic in topics if (offer := self.phrases.offers.get(topic))), None)

    def _asks_what_is_on(self, message: PersonalMessage) -> bool:
        """Tell whether a message names days and says little else ("boxing day", "is there one on the first").

        It then asks what is on, after a personal answer or from somebody who is known. After a danger "tonight" says
        more; and "1st" can pick what was offered.
        """
        last = set(message.before.topics)
        free = not last & set(SAFEGUARDING_TOPICS) and not absence_reading.picks(message.text)
        may_ask = bool(PERSONAL & last) or (message.is_known and free)
        return may_ask and message.dated and self.phrases.only_dated(message.when.rest)
