"""When and where: the next session, the coming dates, what is left, catch-ups, places."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from actions.personal.dated import about, dates, described, line
from actions.personal.meant import days_meant, left_out
from actions.personal.said import PersonalQuery, Phrase, ResponsePlan, event_phrase, phrase
from bot.conversation.state import PersonalContext
from bot.messages import ReplyFormat
from bot.records.enums import Status
from bot.records.participants.participant_record import Enrolment, Session
from bot.replies import when as words
from bot.text.dates import Days, When

_PAGE = {ReplyFormat.SMS: 3}
_LONGEST_PAGE = 5

Found = tuple[list[Phrase], Session | None]
"""What is said about one group, and the session that a next question may go on from."""


def next_session(query: PersonalQuery) -> ResponsePlan:
    """Say when the next session is; or the one after that, on a certain day, or with a certain number."""
    if query.when.sessions:
        return _numbered(query)
    if _in_doubt(query):
        listed = schedule(replace(query, when=When(), more=False))
        return replace(listed, sentences=[phrase("which_day"), *listed.sentences])
    if query.when:
        return _on_days(query)
    if query.last_held:
        return _last_held(query)
    if query.after_that and query.shown.session_start:
        return _after(query, query.shown.session_start)
    sentences, first = each_group(query, _next_in)
    return ResponsePlan(sentences, keep=_keep(first))


def schedule(query: PersonalQuery) -> ResponsePlan:
    """List the coming dates, a page at a time, with a calendar file of all of them."""
    if not query.more and query.when:
        return next_session(query)
    coming = [dated for dated in dates(query) if dated.starts_at > query.now]
    if not coming:
        sentences, _ = each_group(query, _next_in)
        return ResponsePlan(sentences)
    start = query.shown.listed if query.more else 0
    if start >= len(coming):
        return ResponsePlan([phrase("schedule_end")])
    page = coming[start : start + _PAGE.get(query.reply_format, _LONGEST_PAGE)]
    lines = [line(dated, query.now) for dated in page]
    listed = start + len(page)
    rest = phrase("schedule_rest" if listed < len(coming) else "schedule_end")
    sentences = [phrase("schedule_more" if start else "schedule"), *lines, Phrase(rest.name, own_line=True)]
    return ResponsePlan(
        _enrolment_notices(query) + sentences, calendar=tuple(coming), keep=PersonalContext(listed=listed)
    )


def sessions_left(query: PersonalQuery) -> ResponsePlan:
    """Say how many sessions are still to come, and when the last one is."""
    if query.last_held:
        return _last_held(query)
    if any(len(days) > 1 for days in query.when.named):  # "how many before Christmas": those are shown
        return next_session(query)
    sentences, first = each_group(query, _left_in)
    return ResponsePlan(sentences, keep=_keep(first))


def venue(query: PersonalQuery) -> ResponsePlan:
    """Say where the next session is, or the one on a certain day."""
    if query.when:
        return next_session(query)
    sentences, first = each_group(query, _venue_in)
    return ResponsePlan(sentences, keep=_keep(first))


def catch_up(query: PersonalQuery) -> ResponsePlan:
    """Say which catch-ups are booked, owed or done."""
    sentences, _ = each_group(query, _catch_ups_in)
    return ResponsePlan(sentences)


def enrolment_notice(query: PersonalQuery, enrolment: Enrolment) -> Phrase | None:
    """Return what has to be said before anything about an enrolment that does not simply go on."""
    if enrolment.status is Status.SUSPENDED:
        return phrase("suspended")
    if enrolment.status is Status.WITHDRAWN:
        return phrase("withdrawn")
    if enrolment.status is Status.COMPLETED:
        return phrase("finished")
    if enrolment.is_upcoming(query.now) and enrolment.first_day:
        return phrase("starts_later", day=words.day(enrolment.first_day, query.now))
    return None


def _enrolment_notices(query: PersonalQuery) -> list[Phrase]:
    return [sentence for e in query.enrolments if (sentence := enrolment_notice(query, e))]


def each_group(query: PersonalQuery, about: Callable[[PersonalQuery, Enrolment], Found]) -> Found:
    """Say ``about`` each group that the person is in, by its name where there are several."""
    enrolments = query.enrolments
    if not enrolments:
        return [phrase("no_group")], None
    sentences: list[Phrase] = [phrase("several_groups")] if len(enrolments) > 1 else []
    firsts: list[Session] = []
    for enrolment in enrolments:
        if len(enrolments) > 1:
            sentences.append(phrase("in_group", group=enrolment.group))
        found, first = about(query, enrolment)
        sentences += found
        firsts += [first] if first else []
    return sentences, min(firsts, key=lambda session: session.starts_at, default=None)


def _next_in(query: PersonalQuery, enrolment: Enrolment) -> Found:
    sentences = [sentence] if (sentence := enrolment_notice(query, enrolment)) else []
    ended = _ended(query, enrolment)
    if ended:
        return sentences or ended, None
    running = enrolment.current_session(query.now)
    if running:
        sentences.append(event_phrase("running", running, query.now, number=running.number))
    coming = enrolment.upcoming_sessions(query.now)
    if not coming:
        return sentences, running
    session = coming[0]
    name = "next_of_group" if enrolment.status is Status.SUSPENDED else _next_name(session, query)
    sentences.append(event_phrase(name, session, query.now, number=session.number))
    sentences += [
        event_phrase("catch_up_first", c, query.now)
        for s in enrolment.applicable_sessions
        for c in s.catch_ups
        if c.outcome is None and query.now < c.starts_at < session.starts_at
    ]
    sentences += [about(s, query) for s in enrolment.cancelled_sessions(query.now) if s.starts_at < session.starts_at]
    return sentences, session


def _ended(query: PersonalQuery, enrolment: Enrolment) -> list[Phrase]:
    """Return what to say where no session is to come."""
    if enrolment.status is Status.COMPLETED:
        return [phrase("finished")]
    if enrolment.status is Status.WITHDRAWN:
        return [phrase("withdrawn")]
    if enrolment.upcoming_sessions(query.now) or enrolment.current_session(query.now):
        return []
    called_off, over = enrolment.cancelled_sessions(query.now), enrolment.past_sessions(query.now)
    if called_off:
        return [*(about(s, query) for s in called_off[:_LONGEST_PAGE]), phrase("no_other_date")]
    return [phrase("all_over", day=words.day(over[-1].starts_at, query.now))] if over else [phrase("no_dates")]


def _next_name(session: Session, query: PersonalQuery) -> str:
    if session.day == query.today:
        return "next_today"
    return "next_tomorrow" if session.day == query.today + timedelta(days=1) else "next"


def _after(query: PersonalQuery, shown: datetime) -> ResponsePlan:
    coming = [s for e in query.enrolments for s in e.upcoming_sessions(query.now) if s.starts_at > shown]
    if not coming:
        return ResponsePlan([phrase("none_after")])
    session = min(coming, key=lambda s: s.starts_at)
    return ResponsePlan([event_phrase("after_that", session, query.now, number=session.number)], keep=_keep(session))


def _numbered(query: PersonalQuery) -> ResponsePlan:
    known = [s for e in query.enrolments for s in e.visible_sessions(query.now)]
    sentences, kept = _enrolment_notices(query), None
    for number in query.when.sessions:
        found = [s for s in known if s.number == number]
        sentences += [about(s, query) for s in found] or [phrase("no_such_number", number=number)]
        kept = kept or next(iter(found), None)
    return ResponsePlan(sentences, keep=_keep(kept))


def _last_held(query: PersonalQuery) -> ResponsePlan:
    over = [s for e in query.enrolments for s in e.past_sessions(query.now)]
    if not over:
        return ResponsePlan([phrase("none_held")])
    last = max(over, key=lambda s: s.starts_at)
    return ResponsePlan([about(last, query)], keep=_keep(last))


def _on_days(query: PersonalQuery) -> ResponsePlan:
    """Say what is on the days that are meant, and for single ones also that nothing is."""
    days = days_meant(query)
    found = [dated for dated in dates(query) if any(dated.day in each for each in days) and not left_out(query, dated)]
    if len(found) > _LONGEST_PAGE and found[0].starts_at > query.now:  # as a list, which goes on with "more"
        start = sum(dated.starts_at > query.now for dated in dates(query) if dated.starts_at < found[0].starts_at)
        return schedule(replace(query, when=When(), more=True, shown=PersonalContext(listed=start)))
    empty = [each for each in days if not any(dated.day in each for dated in found)]
    said = [described(dated, query) for dated in found[-_LONGEST_PAGE:]]
    if found:
        kept = next((dated.session for dated in found if dated.session), None)
        nothing = [_nothing(each, query) for each in empty if each.first == each.last]
        return ResponsePlan([*_enrolment_notices(query), *said, *nothing], keep=_keep(kept))
    then, first = each_group(query, _next_in)
    return ResponsePlan([*(_nothing(each, query) for each in empty), *then], keep=_keep(first))


def _nothing(days: Days, query: PersonalQuery) -> Phrase:
    if days.first == days.last:
        return phrase("none_on_day", day=words.day(days.first, query.now))
    return phrase("none_between", first=words.day(days.first, query.now), last=words.day(days.last, query.now))


def _in_doubt(query: PersonalQuery) -> bool:
    """Tell whether the message counts days in a way that could not be understood."""
    return query.when.unsure or (bool(query.when) and not days_meant(query))


def _left_in(query: PersonalQuery, enrolment: Enrolment) -> Found:
    sentences = [sentence] if (sentence := enrolment_notice(query, enrolment)) else []
    ended = _ended(query, enrolment)
    coming = enrolment.upcoming_sessions(query.now)
    if ended or not coming:
        running = enrolment.current_session(query.now)
        now_on = [event_phrase("running", running, query.now, number=running.number)] if running else []
        return sentences or ended or now_on, None
    name = "sessions_left" if len(coming) > 1 else "sessions_left_one"
    sentences.append(phrase(name, left=len(coming), day=words.day(coming[-1].starts_at, query.now)))
    called_off = enrolment.cancelled_sessions(query.now)
    if called_off:
        sentences.append(phrase("sessions_cancelled", count=len(called_off)))
    highest = max(session.number for session in enrolment.applicable_sessions)
    if highest < query.record.programme_sessions:
        sentences.append(phrase("dates_so_far", number=highest, total=query.record.programme_sessions))
    return sentences, coming[0]


def _venue_in(query: PersonalQuery, enrolment: Enrolment) -> Found:
    ended = _ended(query, enrolment)
    session = enrolment.current_session(query.now) or next(iter(enrolment.upcoming_sessions(query.now)), None)
    before = [sentence] if (sentence := enrolment_notice(query, enrolment)) else []
    if ended or not session:
        return before or ended, None
    return [*before, event_phrase("venue", session, query.now, number=session.number)], session


def _catch_ups_in(query: PersonalQuery, enrolment: Enrolment) -> Found:
    missed = [s for s in enrolment.applicable_sessions if s.missed]
    booked = [(s, c) for s in enrolment.applicable_sessions for c in s.catch_ups if c.outcome is None]
    sentences = [
        event_phrase("catch_up_booked" if c.starts_at > query.now else "catch_up_open", c, query.now, number=s.number)
        for s, c in booked
    ]
    owed = [s for s in missed if not s.caught_up and s not in [s for s, _ in booked]]
    if owed:
        sentences.append(phrase("catch_up_owed", numbers=_listed(owed)))
    done = [s for s in missed if s.caught_up]
    if done:
        sentences.append(phrase("catch_up_done", numbers=_listed(done)))
        if not owed and not booked:
            sentences.append(phrase("catch_up_none_left"))
    return sentences or [phrase("catch_up_none")], None


def _listed(sessions: Iterable[Session]) -> str:
    return ", ".join(str(session.number) for session in sessions)


def _keep(session: Session | None) -> PersonalContext:
    return PersonalContext(session.starts_at if session else None)
