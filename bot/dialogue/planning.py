"""From what was understood to the actions that are run: a pure function of the message and the conversation."""

from collections.abc import Iterator
from dataclasses import replace

from bot.conversation.state import ConversationState, PersonalContext
from bot.dialogue import absence_topic
from bot.dialogue.choice import NextStep, NluResult, StepKind, choose
from bot.dialogue.follow_ups import FollowUps
from bot.dialogue.personal_message import PersonalMessage
from bot.dialogue.personal_reader import PersonalReader
from bot.dialogue.thresholds import DEFAULTS, Thresholds
from bot.dialogue.topic_actions import OTHER_PEOPLE, REPORT, action_for
from bot.dialogue.turn import PlannedAction, Turn
from bot.topics.registry import PERSONAL, SAFEGUARDING_TOPICS, SMALL_TALK, menu


class Planner:
    """Chooses what to do about a message, and lists the actions that do it."""

    def __init__(self, follow_ups: FollowUps, reader: PersonalReader, thresholds: Thresholds = DEFAULTS) -> None:
        """Take what the policy has read from the files."""
        self._follow_ups = follow_ups
        self._reader = reader
        self._thresholds = thresholds

    def plan(self, nlu: NluResult, message: PersonalMessage) -> Turn:
        """Return the turn: the actions to run, in order, and the conversation after it as far as it is known."""
        step = choose(nlu, message.before, self._follow_ups, self._thresholds)
        if message.before.is_offer and not step.topics and self._reader.declines(message):
            step = NextStep(StepKind.ANSWER, (), 1.0)
        usual = self._turn(self._personal(self._reader.by_words(step, message), message), message)
        reported = absence_topic.report(step)
        about_others = self._reader.is_about_somebody_else(reported.topics, message)
        if about_others or not self._reader.may_be_about_report(step, message):
            return usual
        return replace(self._turn(reported, message), otherwise=usual)

    def _personal(self, step: NextStep, message: PersonalMessage) -> NextStep:
        """Return ``step``, or what takes its place because of whom it is about, or because a day settles the doubt."""
        if self._reader.is_about_somebody_else(step.topics, message):
            return NextStep(StepKind.ANSWER, (OTHER_PEOPLE,), step.confidence)
        if step.kind is StepKind.CLARIFY and (settled := self._reader.settles_doubt(step.topics, message)):
            return NextStep(StepKind.ANSWER, (settled,), step.confidence)
        return step

    def _turn(self, step: NextStep, message: PersonalMessage) -> Turn:
        offer = self._offer(step, message)
        after = _after(step, offer, message)
        return Turn(message.before, after, step, tuple(_moves(step, offer, message)))

    def _offer(self, step: NextStep, message: PersonalMessage) -> str | None:
        """Return the personal topic that is offered after an answer from the leaflet."""
        if step.kind is not StepKind.ANSWER or message.absence:
            return None
        if (PERSONAL | SAFEGUARDING_TOPICS) & set(step.topics):
            return None
        return self._reader.offer(step.topics, message)


def _moves(step: NextStep, offer: str | None, message: PersonalMessage) -> Iterator[PlannedAction]:
    yield from _answers(step)
    if offer:
        yield PlannedAction("action_offer_personal", offer)
    if step.again and message.before.repeated:
        yield PlannedAction("action_not_clear")
    about_absence = REPORT in step.topics
    safeguarding = bool(set(SAFEGUARDING_TOPICS) & set(step.topics))
    if message.absence and message.is_unlocked and not about_absence and not safeguarding:
        yield PlannedAction("action_remind_absence")


def _answers(step: NextStep) -> Iterator[PlannedAction]:
    """Yield what answers the message itself."""
    if step.kind is not StepKind.ANSWER:
        yield PlannedAction("action_clarify" if step.kind is StepKind.CLARIFY else "action_fallback")
    elif step.again:
        yield PlannedAction("action_repeat")
    elif not step.topics:
        yield PlannedAction("action_decline_offer")
    elif step.topics == (OTHER_PEOPLE,):
        yield PlannedAction("action_other_people", OTHER_PEOPLE)
    else:
        yield from (PlannedAction(action_for(topic), topic) for topic in step.topics)


def _after(step: NextStep, offer: str | None, message: PersonalMessage) -> ConversationState:
    """Return the conversation after the turn; actions add what the record shows."""
    before = message.before
    answered = step.topics if step.kind is StepKind.ANSWER else ()
    misunderstood = before.misunderstood + 1 if step.kind is StepKind.FALLBACK else 0
    return replace(
        before,
        topics=answered,
        context_topics=_context(answered, before),
        suggestions=(offer,) if offer else _suggestions(step, misunderstood),
        is_offer=offer is not None,
        misunderstood=misunderstood,
        repeated=step.again,
        answered_at=message.now,
        personal=PersonalContext(),
    )


def _suggestions(step: NextStep, misunderstood: int) -> tuple[str, ...]:
    if step.kind is StepKind.CLARIFY:
        return step.topics
    return menu() if step.kind is StepKind.FALLBACK and not step.says and misunderstood > 1 else ()


def _context(answered: tuple[str, ...], before: ConversationState) -> tuple[str, ...]:
    """Return the topics that the next message may refer to: thanks in between change no subject."""
    return answered if set(answered) - SMALL_TALK or not before.context_topics else before.context_topics
