"""Figures of what is asked: by topic, week and channel, and no count that could be about one person."""

import csv
import io
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.messages import Answer, AnswerOutcome
from bot.review import question_stats
from bot.web.frontend.cell_suppression import suppress
from bot.web.frontend.environment import SMALL
from tests.support.staff_desk import NOW


def ask(staff_site, times, *topics, channel="sms", outcome=AnswerOutcome.ANSWERED, back=0):
    answer = Answer((), topics, understood=outcome)
    with staff_site.record.writing() as connection:
        for _ in range(times):
            question_stats.note(connection, channel, "a question", answer, NOW - timedelta(weeks=back))


def rows(staff_site, name):
    response = staff_site.signed_in("manager").get(f"/staff/figures/{name}.csv")
    assert response.headers["content-type"].startswith("text/csv")
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


def filled(staff_site):
    ask(staff_site, 20, "breaks")
    ask(staff_site, 9, "dress", channel="telegram")
    ask(staff_site, 3, "family", channel="screen")
    ask(staff_site, 12, "breaks", back=1)
    ask(staff_site, 10, "out_of_scope", outcome=AnswerOutcome.OUTSIDE)
    ask(staff_site, 8, outcome=AnswerOutcome.NOT_UNDERSTOOD)


def test_req_42_questions_by_topic_and_week_with_the_part_that_was_not_answered(staff_site):
    filled(staff_site)
    head, *lines = rows(staff_site, "topics")
    found = {line[0]: line[1:] for line in lines}
    assert head == ["topic", *head[1:9], "All"]
    assert head[7:9] == ["16 Nov 2026", "23 Nov 2026"]
    assert found["Breaks"][-3:] == ["12", "20", "32"]
    assert found["Outside the leaflet"][-2:] == ["10", "10"]
    assert found["All"][-3:] == ["12", "50", "62"]
    assert [line[0] for line in lines[:1]] == ["Breaks"]
    head, *lines = rows(staff_site, "outcomes")
    assert lines[-2][:1] == ["Mon 23 Nov 2026"]
    assert lines[-2][-2:] == ["50", "36"]
    assert lines[-3][-2:] == ["12", "0"]


@pytest.mark.on_each_database
def test_req_42_no_small_count_is_told_or_can_be_worked_out(staff_site):
    filled(staff_site)
    found = {line[0]: line[1:] for line in rows(staff_site, "topics")[1:]}
    # Three about the family: not told, and neither is what would give it away with the week's total.
    assert found["Your partner or family"][-2:] == ["not told", "not told"]
    assert [name for name, counts in found.items() if counts[-2] == "not told"] == [
        "No topic",
        "Your partner or family",
    ]
    assert found["No topic"][-1] == "not told"
    channels = {line[0]: line[-1] for line in rows(staff_site, "channels")[1:]}
    assert channels == {
        "Telegram": "not told",
        "Text message": "50",
        "The screen at the office": "not told",
        "All": "62",
    }
    page = staff_site.signed_in("manager").text("/staff/figures")
    assert "Counts under 5 are not told" in page
    assert "36 %" in page


def test_with_nothing_asked_the_page_says_so(staff_site):
    assert "Nothing has been asked yet." in staff_site.signed_in("manager").text("/staff/figures")
    assert rows(staff_site, "topics")[1:] == [["All", *["0"] * 9]]


@pytest.mark.parametrize("name", ["topics", "outcomes", "channels"])
def test_a_facilitator_gets_no_figures(staff_site, name):
    assert staff_site.signed_in().get(f"/staff/figures/{name}.csv").status_code == 403


tables = st.integers(1, 4).flatmap(
    lambda columns: st.lists(
        st.lists(st.sampled_from([0, 0, 1, 2, 3, 4, 5, 6, 9, 40]), min_size=columns, max_size=columns),
        min_size=1,
        max_size=6,
    )
)


@given(tables)
@settings(max_examples=300)
def test_no_line_gives_a_small_count_away(given_rows):
    columns = len(given_rows[0])
    table = [list(row) for row in suppress(given_rows, columns).cells]
    true = [[*row, sum(row)] for row in given_rows]
    true.append([sum(row[c] for row in true) for c in range(columns + 1)])
    lines = [[(r, c) for c in range(columns + 1)] for r in range(len(table))]
    lines += [[(r, c) for r in range(len(table))] for c in range(columns + 1)]
    for r, row in enumerate(table):
        for c, count in enumerate(row):
            assert count in (None, true[r][c])
            assert count is None or count == 0 or count >= SMALL
    for line in lines:
        left_out = [(r, c) for r, c in line if table[r][c] is None]
        assert len(left_out) != 1, "the only one left out is what is missing from the total"
        if left_out and table[line[-1][0]][line[-1][1]] is not None:
            assert sum(true[r][c] for r, c in left_out) >= SMALL
