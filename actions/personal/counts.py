"""How many: attended, missed, and how many more can be missed. Counted by the rule, decided by nobody here."""

from actions.personal.said import PersonalQuery, Phrase, ResponsePlan, phrase
from actions.personal.sessions import Found, each_group, enrolment_notice
from bot.records.attendance.attendance_rule import Count, misses_left
from bot.records.participants.participant_record import Enrolment


def attendance(query: PersonalQuery) -> ResponsePlan:
    """Say how many sessions of the whole programme were attended and missed."""
    sentences, _ = each_group(query, _attendance_in)
    for earlier in query.record.earlier_enrolments(query.now):
        count = earlier.count(query.now)
        if count.attended or count.missed:
            values = {"group": earlier.group, "attended": count.attended, "missed": count.missed}
            sentences.append(phrase("attendance_earlier", **values))
    return ResponsePlan(sentences)


def left_to_miss(query: PersonalQuery) -> ResponsePlan:
    """Say how many more sessions of the block can be missed, and what the leaflet says comes then."""
    sentences, _ = each_group(query, _misses_in)
    return ResponsePlan([*sentences, phrase("misses_rule")] if query.enrolments else sentences)


def _attendance_in(query: PersonalQuery, enrolment: Enrolment) -> Found:
    count = enrolment.count(query.now)
    total = query.record.programme_sessions
    sentences = [sentence] if (sentence := enrolment_notice(query, enrolment)) else []
    if not (count.attended or count.missed or count.to_be_confirmed or count.not_held):
        return [*sentences, phrase("attendance_none", total=total)], None
    sentences.append(phrase("attendance", attended=count.attended, missed=count.missed, total=total))
    if count.caught_up:
        sentences.append(phrase("caught_up", caught_up=count.caught_up))
    return sentences + _unconfirmed(count), None


def _misses_in(query: PersonalQuery, enrolment: Enrolment) -> Found:
    block = enrolment.current_block(query.now)
    sentences = [sentence] if (sentence := enrolment_notice(query, enrolment)) else []
    if block is None:
        return sentences or [phrase("no_dates")], None
    count, allowed = enrolment.count(query.now, block), query.record.allowed_misses
    counting = count.misses_counted(caught_up_counts=query.caught_up_counts)
    left = misses_left(counting, allowed)
    name = "misses_left" if left else "misses_left_none" if counting <= allowed else "misses_over"
    sentences.append(phrase(name, missed=counting, left=left, allowed=allowed))
    if count.caught_up:
        note = "caught_up_counts" if query.caught_up_counts else "caught_up_left_out"
        sentences.append(phrase(note, caught_up=count.caught_up))
    return sentences + _unconfirmed(count), None


def _unconfirmed(count: Count) -> list[Phrase]:
    return [phrase("to_be_confirmed", count=count.to_be_confirmed)] if count.to_be_confirmed else []
