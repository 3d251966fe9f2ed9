"""An absence that was reported, mentioned wherever its session is named."""

from collections.abc import Iterator
from dataclasses import replace

from actions.personal.said import PersonalQuery, Phrase, ResponsePlan, phrase
from bot.records.participants.participant_record import Session
from bot.replies import when as words

_ABOUT_ONE = frozenset(
    {"next", "next_today", "next_tomorrow", "next_of_group", "after_that", "on_day", "running", "venue", "venue_of"}
)
"""The sentences about one session to come, with its day and number."""
_MOST = 3


def mentioned(query: PersonalQuery, plan: ResponsePlan, *, counts: bool) -> ResponsePlan:
    """Return ``plan`` with a sentence for each session that the person has said they can't come to.

    ``counts`` is for an answer that counts: there it is said that such an absence is not counted.
    """
    reported = [
        s
        for e in query.enrolments
        for s in e.applicable_sessions
        if s.reported and s.ends_at > query.now and not s.outcome
    ]
    if not reported:
        return plan
    if counts:
        days = [words.day(session.starts_at, query.now) for session in reported[:_MOST]]
        return replace(plan, sentences=[*plan.sentences, *(phrase("absence_not_counted", day=day) for day in days)])
    return replace(plan, sentences=list(_beside(query, plan, reported)))


def _beside(query: PersonalQuery, plan: ResponsePlan, reported: list[Session]) -> Iterator[Phrase]:
    named = {(words.day(s.starts_at, query.now), str(s.number)) for s in reported}
    for sentence in plan.sentences:
        yield sentence
        listed = sentence.values.get("what") == "what_session"
        is_named = (sentence.values.get("day"), sentence.values.get("number")) in named
        if is_named and (listed or sentence.name in _ABOUT_ONE):
            yield phrase("absence_told_in_list" if listed else "absence_told")
