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


def next_session(asked: PersonalQuery) -> ResponsePlan:
    """Say when the next session is; or the one after that, on a certain day, or with a certain number."""
    if asked.when.sessions:
        return _numbered(asked)
    if _in_doubt(asked):
        listed = schedule(replace(asked, when=When(), more=False))
        return replace(listed, sentences=[phrase("which_day"), *listed.sentences])
    if asked.when:
        return _on_days(asked)
    if asked.last_held:
        return _last_held(asked)
    if asked.after_that and asked.shown.session_start:
        return _after(asked, asked.shown.session_start)
    sentences, first = each_group(asked, _next_in)
    return ResponsePlan(sentences, keep=_keep(first))


def schedule(asked: PersonalQuery) -> ResponsePlan:
    """List the coming dates, a page at a time, with a calendar file of all of them."""
    if not asked.more and asked.when:
        return next_session(asked)
    coming = [dated for dated in dates(asked) if dated.starts_at > asked.now]
    if not coming:
        sentences, _ = each_group(asked, _next_in)
        return ResponsePlan(sentences)
    start = asked.shown.listed if asked.more else 0
    if start >= len(coming):
        return ResponsePlan([phrase("schedule_end")])
    page = coming[start : start + _PAGE.get(asked.reply_format, _LONGEST_PAGE)]
    lines = [line(dated, asked.now) for dated in page]
    listed = start + len(page)
    rest = phrase("schedule_rest" if listed < len(coming) else "schedule_end")
    sentences = [phrase("schedule_more" if start else "schedule"), *lines, Phrase(rest.name, own_line=True)]
    return ResponsePlan(_standing(asked) + sentences, calendar=tuple(coming), keep=PersonalContext(listed=listed))


def sessions_left(asked: PersonalQuery) -> ResponsePlan:
    """Say how many sessions are still to come, and when the last one is."""
    if asked.last_held:
        return _last_held(asked)
    if any(len(days) > 1 for days in asked.when.named):  # "how many before Christmas": those are shown
        return next_session(asked)
    sentences, first = each_group(asked, _left_in)
    return ResponsePlan(sentences, keep=_keep(first))


def venue(asked: PersonalQuery) -> ResponsePlan:
    """Say where the next session is, or the one on a certain day."""
    if asked.when:
        return next_session(asked)
    sentences, first = each_group(asked, _venue_in)
    return ResponsePlan(sentences, keep=_keep(first))


def catch_up(asked: PersonalQuery) -> ResponsePlan:
    """Say which catch-ups are booked, owed or done."""
    sentences, _ = each_group(asked, _catch_ups_in)
    return ResponsePlan(sentences)


def standing(asked: PersonalQuery, enrolment: Enrolment) -> Phrase | None:
    """Return what has to be said before anything about an enrolment that does not simply go on."""
    if enrolment.status is Status.SUSPENDED:
        return phrase("suspended")
    if enrolment.status is Status.WITHDRAWN:
        return phrase("withdrawn")
    if enrolment.status is Status.COMPLETED:
        return phrase("finished")
    if enrolment.is_upcoming(asked.now) and enrolment.first_day:
        return phrase("starts_later", day=words.day(enrolment.first_day, asked.now))
    return None


def _standing(asked: PersonalQuery) -> list[Phrase]:
    return [sentence for e in asked.enrolments if (sentence := standing(asked, e))]


def each_group(asked: PersonalQuery, about: Callable[[PersonalQuery, Enrolment], Found]) -> Found:
    """Say ``about`` each group that the person is in, by its name where there are several."""
    enrolments = asked.enrolments
    if not enrolments:
        return [phrase("no_group")], None
    sentences: list[Phrase] = [phrase("several_groups")] if len(enrolments) > 1 else []
    firsts: list[Session] = []
    for enrolment in enrolments:
        if len(enrolments) > 1:
            sentences.append(phrase("in_group", group=enrolment.group))
        found, first = about(asked, enrolment)
        sentences += found
        firsts += [first] if first else []
    return sentences, min(firsts, key=lambda session: session.starts_at, default=None)


def _next_in(asked: PersonalQuery, enrolment: Enrolment) -> Found:
    sentences = [sentence] if (sentence := standing(asked, enrolment)) else []
    ended = _ended(asked, enrolment)
    if ended:
        return sentences or ended, None
    running = enrolment.current_session(asked.now)
    if running:
        sentences.append(event_phrase("running", running, asked.now, number=running.number))
    coming = enrolment.upcoming_sessions(asked.now)
    if not coming:
        return sentences, running
    session = coming[0]
    name = "next_of_group" if enrolment.status is Status.SUSPENDED else _next_name(session, asked)
    sentences.append(event_phrase(name, session, asked.now, number=session.number))
    sentences += [
        event_phrase("catch_up_first", c, asked.now)
        for s in enrolment.applicable_sessions
        for c in s.catch_ups
        if c.outcome is None and asked.now < c.starts_at < session.starts_at
    ]
    sentences += [about(s, asked) for s in enrolment.cancelled_sessions(asked.now) if s.starts_at < session.starts_at]
    return sentences, session


def _ended(asked: PersonalQuery, enrolment: Enrolment) -> list[Phrase]:
    """Return what to say where no session is to come."""
    if enrolment.status is Status.COMPLETED:
        return [phrase("finished")]
    if enrolment.status is Status.WITHDRAWN:
        return [phrase("withdrawn")]
    if enrolment.upcoming_sessions(asked.now) or enrolment.current_session(asked.now):
        return []
    called_off, over = enrolment.cancelled_sessions(asked.now), enrolment.past_sessions(asked.now)
    if called_off:
        return [*(about(s, asked) for s in called_off[:_LONGEST_PAGE]), phrase("no_other_date")]
    return [phrase("all_over", day=words.day(over[-1].starts_at, asked.now))] if over else [phrase("no_dates")]


def _next_name(session: Session, asked: PersonalQuery) -> str:
    if session.day == asked.today:
        return "next_today"
    return "next_tomorrow" if session.day == asked.today + timedelta(days=1) else "next"


def _after(asked: PersonalQuery, shown: datetime) -> ResponsePlan:
    coming = [s for e in asked.enrolments for s in e.upcoming_sessions(asked.now) if s.starts_at > shown]
    if not coming:
        return ResponsePlan([phrase("none_after")])
    session = min(coming, key=lambda s: s.starts_at)
    return ResponsePlan([event_phrase("after_that", session, asked.now, number=session.number)], keep=_keep(session))


def _numbered(asked: PersonalQuery) -> ResponsePlan:
    known = [s for e in asked.enrolments for s in e.visible_sessions(asked.now)]
    sentences, kept = _standing(asked), None
    for number in asked.when.sessions:
        found = [s for s in known if s.number == number]
        sentences += [about(s, asked) for s in found] or [phrase("no_such_number", number=number)]
        kept = kept or next(iter(found), None)
    return ResponsePlan(sentences, keep=_keep(kept))


def _last_held(asked: PersonalQuery) -> ResponsePlan:
    over = [s for e in asked.enrolments for s in e.past_sessions(asked.now)]
    if not over:
        return ResponsePlan([phrase("none_held")])
    last = max(over, key=lambda s: s.starts_at)
    return ResponsePlan([about(last, asked)], keep=_keep(last))


def _on_days(asked: PersonalQuery) -> ResponsePlan:
    """Say what is on the days that are meant, and for single ones also that nothing is."""
    days = days_meant(asked)
    found = [dated for dated in dates(asked) if any(dated.day in each for each in days) and not left_out(asked, dated)]
    if len(found) > _LONGEST_PAGE and found[0].starts_at > asked.now:  # as a list, which goes on with "more"
        start = sum(dated.starts_at > asked.now for dated in dates(asked) if dated.starts_at < found[0].starts_at)
        return schedule(replace(asked, when=When(), more=True, shown=PersonalContext(listed=start)))
    empty = [each for each in days if not any(dated.day in each for dated in found)]
    said = [described(dated, asked) for dated in found[-_LONGEST_PAGE:]]
    if found:
        kept = next((dated.session for dated in found if dated.session), None)
        nothing = [_nothing(each, asked) for each in empty if each.first == each.last]
        return ResponsePlan([*_standing(asked), *said, *nothing], keep=_keep(kept))
    then, first = each_group(asked, _next_in)
    return ResponsePlan([*(_nothing(each, asked) for each in empty), *then], keep=_keep(first))


def _nothing(days: Days, asked: PersonalQuery) -> Phrase:
    if days.first == days.last:
        return phrase("none_on_day", day=words.day(days.first, asked.now))
    return phrase("none_between", first=words.day(days.first, asked.now), last=words.day(days.last, asked.now))


def _in_doubt(asked: PersonalQuery) -> bool:
    """Tell whether the message counts days in a way that could not be understood."""
    return asked.when.unsure or (bool(asked.when) and not days_meant(asked))


def _left_in(asked: PersonalQuery, enrolment: Enrolment) -> Found:
    sentences = [sentence] if (sentence := standing(asked, enrolment)) else []
    ended = _ended(asked, enrolment)
    coming = enrolment.upcoming_sessions(asked.now)
    if ended or not coming:
        running = enrolment.current_session(asked.now)
        now_on = [event_phrase("running", running, asked.now, number=running.number)] if running else []
        return sentences or ended or now_on, None
    name = "sessions_left" if len(coming) > 1 else "sessions_left_one"
    sentences.append(phrase(name, left=len(coming), day=words.day(coming[-1].starts_at, asked.now)))
    called_off = enrolment.cancelled_sessions(asked.now)
    if called_off:
        sentences.append(phrase("sessions_cancelled", count=len(called_off)))
    highest = max(session.number for session in enrolment.applicable_sessions)
    if highest < asked.record.programme_sessions:
        sentences.append(phrase("dates_so_far", number=highest, total=asked.record.programme_sessions))
    return sentences, coming[0]


def _venue_in(asked: PersonalQuery, enrolment: Enrolment) -> Found:
    ended = _ended(asked, enrolment)
    session = enrolment.current_session(asked.now) or next(iter(enrolment.upcoming_sessions(asked.now)), None)
    before = [sentence] if (sentence := standing(asked, enrolment)) else []
    if ended or not session:
        return before or ended, None
    return [*before, event_phrase("venue", session, asked.now, number=session.number)], session


def _catch_ups_in(asked: PersonalQuery, enrolment: Enrolment) -> Found:
    missed = [s for s in enrolment.applicable_sessions if s.missed]
    booked = [(s, c) for s in enrolment.applicable_sessions for c in s.catch_ups if c.outcome is None]
    sentences = [
        event_phrase("catch_up_booked" if c.starts_at > asked.now else "catch_up_open", c, asked.now, number=s.number)
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
