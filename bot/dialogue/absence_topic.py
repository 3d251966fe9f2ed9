"""Whether a message is about an absence, by what it says in so many words, whatever the classifier took it for."""

from dataclasses import replace

from bot.dialogue.choice import NextStep, StepKind
from bot.dialogue.exchange import Event
from bot.dialogue.topic_actions import OTHER_PEOPLE, REPORT
from bot.topics.registry import SAFEGUARDING_TOPICS

_PUNCTUALITY = "punctuality"
_SURE = 0.9
"""How sure a topic is at least that is chosen by what a message says in so many words."""
_TAKEN_FOR = {
    Event.MISSED: frozenset({OTHER_PEOPLE, REPORT}),
    Event.COMES: frozenset({REPORT}),
    Event.CANNOT: frozenset({"my_next_session", "my_schedule", "missed_session", REPORT}),
}
"""The topics that messages about an absence are taken for, or might be."""
_ABOUT_REPORTS = frozenset({Event.COMES, Event.UNSURE, Event.WITHDRAWS, Event.ASKS_NOTED})
"""What is about a report, where there is one."""


def may_replace(choice: NextStep) -> bool:
    """Tell whether something else may be answered: never in the place of a danger, or of several other questions."""
    several = choice.kind is StepKind.ANSWER and len(choice.topics) > 1 and REPORT not in choice.topics
    return not several and not set(SAFEGUARDING_TOPICS) & set(choice.topics)


def about_reports(event: Event, choice: NextStep) -> bool:
    """Tell whether a message is about what somebody reported, if they did report something."""
    return event in _ABOUT_REPORTS and REPORT not in choice.topics


def by_words(event: Event, choice: NextStep, *, known: bool, dated: bool) -> NextStep:
    """Return what is answered: ``known`` says whether the person is, ``dated`` whether the message names a day."""
    if event is Event.LATE and REPORT in choice.topics:
        return _late(choice)
    says_so = bool(_TAKEN_FOR.get(event, frozenset()) & set(choice.topics)) and (dated or event is not Event.CANNOT)
    in_doubt = event is Event.ASKS_NOTED and choice.kind is not StepKind.ANSWER
    return report(choice) if known and (says_so or in_doubt) else choice


def report(choice: NextStep) -> NextStep:
    """Return the choice of an absence in the place of ``choice``."""
    return NextStep(StepKind.ANSWER, (REPORT,), max(choice.confidence, _SURE))


def _late(choice: NextStep) -> NextStep:
    """Answer what the leaflet says of being late in the place of an absence."""
    if choice.kind is not StepKind.ANSWER:
        return NextStep(StepKind.ANSWER, (_PUNCTUALITY,), max(choice.confidence, _SURE))
    return replace(choice, topics=tuple(_PUNCTUALITY if topic == REPORT else topic for topic in choice.topics))
