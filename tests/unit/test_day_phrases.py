"""Days as people name them: counted from a weekday, left out, several at once, past, with names of their own."""

from datetime import date

import pytest

from bot.text.dates import Days, when
from bot.text.normalise import shared

SATURDAY = date(2026, 11, 28)
TUESDAY = date(2026, 12, 1)


@pytest.fixture(scope="module")
def read():
    normalise = shared()
    return lambda text, today=SATURDAY: when(normalise(text), today)


def written(days):
    """Return days as the tables below write them: 12-08, or 12-01/12-10; with the year where it is not 2026."""
    ends = [day.isoformat().removeprefix("2026-") for day in (days.first, days.last)]
    return ends[0] if ends[0] == ends[1] else "/".join(ends)


def table(text):
    """Return the rows of a table: words, then what they mean after an arrow."""
    return [tuple(part.strip() for part in row.split("->")) for row in text.strip().splitlines()]


COUNTED = table("""
    the tuesday after next -> 12-08
    tuesday after next? -> 12-08
    2 weeks on tuesday -> 12-15
    two weeks on tuesday -> 12-15
    3 weeks on tuesday -> 12-22
    2 wks on tues -> 12-15
    2wks tues -> 12-15
    a fortnight on tuesday -> 12-15
    a fortnite on tues -> 12-15
    tuesday fortnight -> 12-15
    tues fornight -> 12-15
    a couple of weeks on tuesday -> 12-15
    next tuesday but one -> 12-08
    nxt tues but 1 -> 12-08
    next next tuesday -> 12-08
    not this tuesday the next one -> 12-08
    not this tuesday but next tuesday -> 12-08
    not this tuesday, the one after -> 12-08
    not this tuesday the week after -> 12-08
    this tuesday not next tuesday -> 12-01
    next tuesday not this tuesday -> 12-08
    a week tuesday -> 12-08
    week tuesday -> 12-08
    a week on tuesday -> 12-08
    a week from tuesday -> 12-08
    one week on tues -> 12-08
    tuesday week -> 12-08
    tuesday 2 weeks -> 12-15
    tuesday the week after -> 12-08
    the tuesday after this -> 12-08
    the tuesday before christmas -> 12-22
    last tuesday before xmas -> 12-22
    the tuesday b4 xmas -> 12-22
    tuesday after christmas -> 12-29
    first tuesday after new year -> 2027-01-05
    first tuesday in the new year -> 2027-01-05
    the tuesday after the 8th -> 12-15
    two weeks today -> 12-12
    a fortnight today -> 12-12
    a week tomorrow -> 12-06
    3 weeks from today -> 12-19
    2 weeks from tuesday -> 12-15
    2 days before xmas -> 12-23
    the day after boxing day -> 12-27
    in two tuesdays time -> 12-08
    second tuesday in december -> 12-08
    2nd tues of dec -> 12-08
    last tuesday in december -> 12-29
    first tuesday of next month -> 12-01
    1st tues of the month -> 12-01
    tuesday of next week -> 12-01
    next week tuesday -> 12-01
    tuesday before last -> 11-17
    a week last tuesday -> 11-17
    tuesday just gone -> 11-24
    this coming tuesday -> 12-01
    tuesday coming -> 12-01
    whens tuesdays session -> 12-01
    on the first -> 12-01
    is there one on the first -> 12-01
    on the twenty first -> 12-21
    the eighth of december -> 12-08
    the 30th -> 11-30
    tuesday the 8th -> 12-08
    tuesday 8/12 -> 12-08
    12/01/2026 -> 01-12
    1st of next month -> 12-01
    tusday fortnight -> 12-15
    chewsday -> 12-01
    thirsday week -> 12-10
    is there one 10 days time -> 12-08
    second tuesday from now -> 12-08
    tuesday in the week of the 14th -> 12-15
    a week before xmas -> 12-18
    tuesday after next tuesday -> 12-08
""")
PERIODS = table("""
    2 weeks time -> 12-07/12-13
    in 2 weeks time -> 12-07/12-13
    fortnights time -> 12-07/12-13
    in a couple of weeks -> 12-07/12-13
    is there one 2nd week of jan -> 2027-01-08/2027-01-14
    first week of january -> 2027-01-01/2027-01-07
    the last week in december -> 12-25/12-31
    week commencing 7th december -> 12-07/12-13
    w/c 7th dec -> 12-07/12-13
    the week of the 8th -> 12-07/12-13
    next 2 weeks -> 11-28/12-12
    im away from 1st to 10th december -> 12-01/12-10
    1st-10th dec -> 12-01/12-10
    5-12 december -> 12-05/12-12
    from 1/12 to 10/12 -> 12-01/12-10
    between the 1st and the 10th -> 12-01/12-10
    from the 24th to the 2nd -> 12-24/2027-01-02
    24 dec to 2 jan -> 12-24/2027-01-02
    away until the 10th -> 11-28/12-10
    im not back until the 10th -> 11-28/12-10
    im off for 2 weeks from tuesday -> 12-01/12-14
    from the 8th onwards -> 12-08/2027-12-08
    before xmas -> 11-28/12-24
    monday to friday next week -> 11-30/12-04
    over xmas -> 12-21/2027-01-01
    over xmass -> 12-21/2027-01-01
    between xmas and new year -> 12-27/12-31
    over easter -> 2027-03-26/2027-03-29
    not this week but next -> 11-30/12-06
    the weekend before christmas -> 12-19/12-20
    not in until january -> 11-28/12-31
    wont be back until after new year -> 11-28/2027-01-01
    im off until the end of december -> 11-28/12-31
    im away 20th dec for 2 weeks -> 12-20/2027-01-02
    mid december -> 12-11/12-21
    end of december -> 12-21/12-31
    the whole of december -> 12-01/12-31
""")
NAMED = table("""
    christmas day -> 12-25
    xmas day -> 12-25
    crimbo day -> 12-25
    chrismas eve -> 12-24
    boxing day -> 12-26
    boxin day -> 12-26
    new years eve -> 12-31
    nye -> 12-31
    is there one on new year's day -> 2027-01-01
    good friday -> 2027-03-26
    easter monday -> 2027-03-29
    bank holiday monday -> 12-28
    spring bank holiday -> 2027-05-31
    august bank holiday -> 2027-08-30
    pancake day -> 2027-02-09
""")
SEVERAL = table("""
    cant come tuesday or the week after -> 12-01 12-08
    i cant come tuesday 1st or tuesday 8th -> 12-01 12-08
    cant come tuesday and the 8th -> 12-01 12-08
    cant make this tuesday or next -> 12-01 12-08
    cant make the next two tuesdays -> 12-01 12-08
    tuesday and the tuesday after -> 12-01 12-08
    the 8th and the week after -> 12-08 12-15
    i cant do the 1st, 8th and 15th of december -> 12-01 12-08 12-15
    1st n 8th dec -> 12-01 12-08
    the 22nd or 29th -> 12-22 12-29
    8/12 or 15/12 -> 12-08 12-15
    tues/weds -> 12-01 12-02
    tuesday and thursday next week -> 12-01 12-03
    cant come next week or the week after -> 11-30/12-06 12-07/12-13
    this week or next -> 11-23/11-29 11-30/12-06
    i missed the last two tuesdays -> 11-17 11-24
    i missed last tuesday and the one before -> 11-17 11-24
""")
LEFT_OUT = table("""
    not tuesday, wednesday -> 12-02 -> 12-01
    not tuesday but wednesday -> 12-02 -> 12-01
    wednesday not tuesday -> 12-02 -> 12-01
    i meant wednesday, not tuesday -> 12-02 -> 12-01
    its not tuesday its wednesday -> 12-02 -> 12-01
    not the 1st, the 8th -> 12-08 -> 12-01
    the 8th instead of the 1st -> 12-08 -> 12-01
    not tuesday -> -> 12-01
    not tuesday or wednesday, thursday -> 12-03 -> 12-01 12-02
    i cant do the 1st but i can do the 8th -> 12-01 -> 12-08
    i wont be there the 1st but ill be there the 8th -> 12-01 -> 12-08
    i cant make the 1st but can the 8th -> 12-01 -> 12-08
    any day but tuesday -> -> 12-01
    i can come tuesday but not the 8th -> 12-08 -> 12-01
    im away until the 10th, back on the 11th -> 11-28/12-10 -> 12-11
    all of december except the 8th -> 12-01/12-31 -> 12-08
    cant do tuesday but wednesday is ok -> 12-01 -> 12-02
    i cant come tuesday, wednesday is fine -> 12-01 -> 12-02
    i cant come the 8th but the 15th will be fine -> 12-08 -> 12-15
    i cant come tuesday but wednesday i can -> 12-01 -> 12-02
    i can do this week but i cant do next -> 11-30/12-06 -> 11-23/11-29
    i can not come tuesday, is wednesday ok -> 12-01 12-02 ->
    wont make tuesday but wednesday works -> 12-01 -> 12-02
    cant do tuesday, wednesday im fine for -> 12-01 -> 12-02
    not able to come tuesday. wednesday should be ok -> 12-01 -> 12-02
    tuesday is not fine -> 12-01 ->
    i cant tuesday -> 12-01 ->
    i can not on tuesday -> 12-01 ->
    is it not on tuesday -> 12-01 ->
""")
PAST = table("""
    sorry i missed tuesday -> 11-24
    i missed tuesday sorry -> 11-24
    i wasnt there on tuesday -> 11-24
    i wosnt there tues -> 11-24
    i couldnt make it on tuesday -> 11-24
    couldnt make it tuesday -> 11-24
    i didnt come tuesday -> 11-24
    diddnt come tues -> 11-24
    i did not turn up on tuesday -> 11-24
    i was off tuesday -> 11-24
    i was too ill to come tuesday -> 11-24
    tuesday i was ill -> 11-24
    sorry about tuesday -> 11-24
    sorry for not coming on tuesday -> 11-24
    i forgot about tuesday -> 11-24
    i never made it tuesday -> 11-24
    i should have been there tuesday -> 11-24
    had to work tuesday -> 11-24
    shoulda been there tues -> 11-24
    what did we do on tuesday -> 11-24
    missed tuesdays session -> 11-24
    i couldnt come last tuesday -> 11-24
    will i be in trouble because i missed tuesday -> 11-24
    did i miss tuesday -> 11-24
    was there one on tuesday -> 11-24
    i missed the 24th -> 11-24
    i was away from 10th to 20th november -> 11-10/11-20
    i failed to attend on tuesday -> 11-24
    i was meant to be there tuesday but car broke down -> 11-24
    was supposed to come tuesday and slept through -> 11-24
    cldnt come tues -> 11-24
    wsnt there tuesday -> 11-24
""")
AHEAD = table("""
    cant come tuesday -> 12-01
    im going to miss tuesday -> 12-01
    i might miss tuesday -> 12-01
    can i miss tuesday -> 12-01
    sorry i wont be in tuesday -> 12-01
    sorry about tuesday i cant make it -> 12-01
    i was going to come tuesday but i cant -> 12-01
    i was wondering if there is one on tuesday -> 12-01
    i missed the bus so i wont make it tuesday -> 12-01
    i cant come tuesday cos i was ill all week -> 12-01
    could i come on tuesday -> 12-01
    i was meant to come tuesday but i cant -> 12-01
    was supposed to be there on tuesday but i have to work -> 12-01
""")


@pytest.mark.parametrize(("text", "days"), [*COUNTED, *PERIODS, *NAMED, *SEVERAL, *AHEAD])
def test_days_are_read(read, text, days):
    found = read(text)
    assert " ".join(map(written, found.named)) == days
    assert not found.unsure


@pytest.mark.parametrize(("text", "days", "left_out"), LEFT_OUT)
def test_what_is_not_meant_is_left_out(read, text, days, left_out):
    found = read(text)
    assert (" ".join(map(written, found.named)), " ".join(map(written, found.excluded))) == (days, left_out)
    assert all(each.first not in found for each in found.excluded)


@pytest.mark.parametrize(("text", "days"), PAST)
def test_what_is_past_is_looked_for_in_the_past(read, text, days):
    found = read(text)
    assert (" ".join(map(written, found.named)), found.past) == (days, True)


@pytest.mark.parametrize("text", [text for text, _ in AHEAD])
def test_what_is_to_come_is_not_past(read, text):
    assert not read(text).past


@pytest.mark.parametrize("text", ["i missed it", "sorry i didnt come", "i couldnt make it", "i was ill"])
def test_words_without_a_day_can_look_back(read, text):
    assert read(text).past


@pytest.mark.parametrize("text", ["i cant come, i missed my bus", "i was ill so i wont be in", "cant make it"])
def test_a_reason_that_is_past_makes_an_absence_no_past_one(read, text):
    assert not read(text).past


@pytest.mark.parametrize(
    "text",
    ["every other tuesday", "the other tuesday", "alternate tuesdays", "every 2nd tuesday", "a month on tuesday", "in two weeks on tuesday", "tuesday before", "not this or the tuesday after"],
)  # fmt: skip
def test_what_counts_days_and_cannot_be_read_is_doubtful(read, text):
    assert read(text).unsure


@pytest.mark.parametrize(
    "text", ["cant come tuesday after all", "tuesday after work", "an hour late on tuesday", "tuesday afternoon"]
)
def test_other_words_beside_a_day_leave_it_certain(read, text):
    assert not read(text).unsure
    assert list(map(written, read(text).named)) == ["12-01"]


def test_any_tuesday_is_every_one(read):
    for text in ("i cant come any tuesday now", "cant do tuesdays any more", "every tuesday"):
        (days,) = read(text).named
        assert date(2026, 12, 1) in days
        assert date(2027, 5, 4) in days
        assert date(2026, 12, 2) not in days
    assert read("every tuesday in december").named == (Days(date(2026, 12, 1), date(2026, 12, 31), 1),)


@pytest.mark.parametrize(
    ("text", "weeks"),
    [
        ("actually its the week after", 1),
        ("the week before", -1),
        ("no not that tuesday, the one after", 1),
        ("not that one, the week after", 1),
    ],
)
def test_a_week_counted_from_what_was_said_before(read, text, weeks):
    assert (read(text).weeks_later, read(text).named) == (weeks, ())


@pytest.mark.parametrize(
    ("text", "numbers"),
    [("session 14", (14,)), ("sessions 14 and 15", (14, 15)), ("the 12th session", (12,)), ("session 14 on the 1st", (14,))],
)  # fmt: skip
def test_numbers_of_sessions(read, text, numbers):
    assert read(text).sessions == numbers


@pytest.mark.parametrize(
    ("today", "text", "days"),
    [
        ("2026-12-01", "tuesday", "12-01"),
        ("2026-12-01", "i missed tuesday", "11-24"),
        ("2026-12-01", "tuesday after next", "12-15"),
        ("2026-12-01", "a week on tuesday", "12-08"),
        ("2026-12-25", "over xmas", "12-21/2027-01-01"),
        ("2026-12-27", "christmas day", "2027-12-25"),
        ("2026-12-27", "i wasnt there on boxing day", "12-26"),
        ("2026-12-29", "the tuesday after next", "2027-01-12"),
        ("2026-12-30", "tuesday fortnight", "2027-01-19"),
        ("2026-12-31", "tomorrow", "2027-01-01"),
        ("2026-12-31", "2nd week of jan", "2027-01-08/2027-01-14"),
        ("2027-01-01", "i missed tuesday", "12-29"),
        ("2027-01-01", "new years day", "2027-01-01"),
        ("2027-01-02", "new years day", "2028-01-01"),
        ("2027-01-02", "i missed the 29th", "12-29"),
        ("2027-01-02", "i missed christmas", "12-21/2027-01-01"),
        ("2027-03-27", "two weeks on tuesday", "2027-04-13"),
        ("2026-10-24", "a week tomorrow", "11-01"),
        ("2028-02-28", "tomorrow", "2028-02-29"),
    ],
)
def test_days_are_read_on_other_days_of_the_year(read, today, text, days):
    assert " ".join(map(written, read(text, date.fromisoformat(today)).named)) == days


def test_a_tuesday_that_is_before_next_tuesday_makes_the_one_after_next_doubtful(read):
    monday = date(2026, 11, 30)
    assert read("the tuesday after next", monday).unsure
    assert not read("the tuesday after next", TUESDAY).unsure
