"""Questions: counted, kept for staff without whose they are, put together where they are alike."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text

from bot.database.engine import open_database
from bot.database.migrate import FOLDER, migrate
from bot.dialogue.topic_actions import DATED_TOPICS, PERSONAL_ACTIONS
from bot.messages import Address, AddressKind, Answer, AnswerOutcome, Arrival, Reply, ReplyFormat
from bot.messaging import inbox
from bot.messaging.worker import ChannelConfig, Worker
from bot.records.enums import ReviewReason
from bot.retention.purge import Periods, purge_expired
from bot.review import (
    cluster_assignment,
    cluster_pages,
    clustering,
    feedback,
    privacy,
    question_stats,
    review_queue,
    weeks,
)
from bot.review.tables import question, question_stat
from bot.runtime.background import BackgroundRuntime
from bot.topics.registry import PERSONAL
from tests.support.records import RECORD, TEST_KEY, imported

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
LOST = Answer((), understood=AnswerOutcome.NOT_UNDERSTOOD)


@pytest.fixture(scope="module")
def encode():
    from bot.review.similarity import SimilarityEncoder

    return SimilarityEncoder()


def never(text):
    return False


def place(connection, encode, is_unsafe=never):
    cluster_assignment.save_clusters(connection, cluster_assignment.assign_clusters(connection, encode, is_unsafe))


def texts(connection):
    return list(connection.execute(select(question.c.text).order_by(question.c.id)).scalars())


def ask(connection, *asked_texts, answer=LOST, at=NOW, channel="sms"):
    for one in asked_texts:
        question_stats.note(connection, channel, one, answer, at)


# Counting


def test_questions_are_counted_by_week_channel_topic_and_outcome_and_added_up(empty_record):
    answered = Answer((), ("breaks", "dress"), understood=AnswerOutcome.ANSWERED)
    with empty_record.writing() as connection:
        for at in (NOW, NOW + timedelta(days=3), NOW + timedelta(days=6)):  # the last is in the next week
            ask(connection, "can i have a smoke and what to wear", answer=answered, at=at)
        ask(connection, "hm", channel="telegram")
        ask(connection, "123456", answer=Answer((), held_secret=True))  # asks nothing
        before = question_stats.counted(connection, date(2026, 11, 1))
        question_stats.compact(connection, NOW)
        question_stats.compact(connection, NOW)
        rows = connection.execute(select(question_stat)).all()
        assert question_stats.counted(connection, date(2026, 11, 1)) == before
    found = {(one.week, one.channel, one.topic, one.outcome.value): one.count for one in before}
    first, second = date(2026, 11, 23), date(2026, 11, 30)
    assert found == {
        (first, "sms", "breaks", "answered"): 2, (first, "sms", "dress", "answered"): 2,
        (second, "sms", "breaks", "answered"): 1, (second, "sms", "dress", "answered"): 1,
        (first, "telegram", None, "not_understood"): 1,
    }  # fmt: skip
    assert len(rows) == 5


def test_counts_are_dropped_after_two_years(empty_record):
    with empty_record.writing() as connection:
        ask(connection, "hm", at=NOW - timedelta(weeks=105))
        ask(connection, "hm", at=NOW - timedelta(weeks=103))
        question_stats.compact(connection, NOW)
        assert len(question_stats.counted(connection, date(2020, 1, 1))) == 1


def test_a_week_begins_on_monday_in_local_time():
    assert weeks.monday(datetime(2026, 7, 5, 23, 30, tzinfo=UTC)) == date(2026, 7, 6)  # half past midnight in London
    assert weeks.monday(datetime(2026, 11, 29, 23, 30, tzinfo=UTC)) == date(2026, 11, 23)
    assert weeks.last(2, NOW) == [date(2026, 11, 16), date(2026, 11, 23)]


def test_a_message_is_counted_in_the_transaction_that_answers_it(empty_record, loop, monkeypatch):
    class Bot:
        async def answer(self, message, unit):
            return Answer((Reply("?"),), understood=AnswerOutcome.NOT_UNDERSTOOD)

    routes = {"kannel": ChannelConfig(AddressKind.SMS, ReplyFormat.SMS)}
    fail = [True]

    note = question_stats.note

    def noted(*values):
        note(*values)
        if fail.pop():
            raise ValueError("just after counting")

    monkeypatch.setattr(question_stats, "note", noted)
    Bot.apology = lambda self, reply_format: Answer((Reply("sorry"),))
    worker = Worker(empty_record, Bot(), routes, lambda: NOW, lambda: None)
    with empty_record.writing() as connection:
        inbox.store(
            connection, Arrival("kannel", "1", Address.on("kannel", "+447700900001"), "is there a bike shed"), NOW
        )
    loop.run(worker.handle_one())
    with empty_record.reading() as connection:
        assert texts(connection) == []
    fail.append(False)
    worker._clock = lambda: NOW + timedelta(hours=1)  # the second try is due
    loop.run(worker.handle_one())
    with empty_record.reading() as connection:
        assert texts(connection) == ["is there a bike shed"]
        assert [one.count for one in question_stats.counted(connection, date(2026, 1, 1))] == [1]


def test_what_is_asked_at_the_screen_is_counted_without_waiting_for_it(empty_record, bot, loop):
    from bot.messages import InboundMessage

    service = BackgroundRuntime(empty_record, bot, {}, {}, lambda: NOW)
    loop.run(service.handle_web_message(InboundMessage(Address.parse("screen:a"), "wot if i mis a sesion")))
    loop.run(
        service.handle_web_message(InboundMessage(Address.parse("screen:b"), "is there somewhere to lock a bicycle up"))
    )
    loop.run(service.handle_web_message(InboundMessage(Address.parse("screen:c"), "I want to die")))
    with empty_record.reading() as connection:
        assert question_stats.counted(connection, date(2026, 1, 1)) == []
    loop.run(service.flush_stats())
    with empty_record.reading() as connection:
        found = {(one.channel, one.topic): one.outcome for one in question_stats.counted(connection, date(2026, 1, 1))}
        assert found[("screen", "missed_session")] is AnswerOutcome.ANSWERED
        assert found[("screen", "crisis")] is AnswerOutcome.ANSWERED
        assert texts(connection) == ["is there somewhere to lock a bicycle up"]


# What is kept


@pytest.mark.parametrize(
    "told",
    [
        "my pin is 482913", "482913", "K7QF-2MPD", "ring me on 07700 900123", "my number is +44 7700 900 123",
        "i am DEMO-03 when is it", "P03 here", "my ref is x12345", "write to ada@example.org", "born 12/03/1990",
        "see https://example.org/a",
    ],
)  # fmt: skip
def test_req_18_a_question_that_could_tell_whose_it_is_is_not_kept(told, empty_record):
    with empty_record.writing() as connection:
        ask(connection, told)
        assert texts(connection) == []


@pytest.mark.parametrize(
    "told",
    [
        "can i come at 7pm or 10:30am",
        "wot about session 12",
        "gr8 but wen is it m8",
        "is the 21st off",
        "2 weeks b4 xmas?",
    ],
)
def test_times_days_and_text_speak_are_no_secrets(told):
    assert not privacy.contains_identifier(told)


@given(st.text(max_size=300))
def test_any_text_is_judged(told):
    assert privacy.contains_identifier(told) in (True, False)


def test_a_question_that_came_near_danger_or_an_own_record_is_not_kept(empty_record):
    outside, offered = AnswerOutcome.OUTSIDE, AnswerOutcome.OFFERED
    with empty_record.writing() as connection:
        ask(connection, "a", answer=Answer((), understood=AnswerOutcome.NOT_UNDERSTOOD, near_danger=True))
        ask(connection, "b", answer=Answer((), ("crisis",), alerts=("crisis",), understood=AnswerOutcome.ANSWERED))
        ask(connection, "c", answer=Answer((), (), ("my_next_session", "breaks"), understood=offered))
        ask(connection, "d", answer=Answer((), ("out_of_scope",), understood=outside, held_secret=True))
        assert texts(connection) == []
        ask(connection, "e", answer=Answer((), ("out_of_scope",), understood=outside))
        ask(connection, "f", answer=Answer((), (), ("breaks", "dress"), understood=offered))
        rows = connection.execute(select(question.c.text, question.c.topic, question.c.why)).all()
    assert [tuple(row) for row in rows] == [("e", "out_of_scope", "outside"), ("f", "breaks", "offered")]


def test_topics_of_the_own_record_are_those_that_the_record_answers():
    assert set(PERSONAL_ACTIONS) == PERSONAL
    assert DATED_TOPICS <= PERSONAL


def test_danger_and_references_that_slipped_through_are_dropped_when_looked_at(empty_record, encode):
    assert imported(empty_record, RECORD).problems.found == []
    with empty_record.writing() as connection:
        for one in ("is there a lift", "i am p03, is there a lift", "something dark"):
            connection.execute(
                question.insert().values(at=NOW, week=NOW.date(), channel="sms", why="not_understood", text=one)
            )
        place(connection, encode, lambda one: "dark" in one)
        assert texts(connection) == ["is there a lift"]
        assert cluster_assignment.assign_clusters(connection, encode, never) is None


def test_questions_are_forgotten_with_messages_and_stay_counted(empty_record):
    with empty_record.writing() as connection:
        ask(connection, "old", at=NOW - timedelta(days=31))
        ask(connection, "new")
        purge_expired(connection, NOW, Periods())
        assert texts(connection) == ["new"]
        assert sum(one.count for one in question_stats.counted(connection, date(2026, 1, 1))) == 2


# Similarity

ALIKE = ["is there parking near the office", "can i park my car there", "where can i park", "is there a car park"]
ALONE = ["can i bring my dog", "whats the wifi password", "do you do interpreters"]
ANOTHER = ["do you give out food", "will there be food", "is food provided"]


def test_questions_that_are_alike_are_one_group_with_its_counts_by_week(empty_record, encode):
    with empty_record.writing() as connection:
        ask(connection, *ALIKE, at=NOW - timedelta(days=7))
        place(connection, encode)
        ask(connection, *ANOTHER, "where is it ok to park", *ALONE)
        place(connection, encode)
        found, total = cluster_pages.clusters(connection, None, 1, 10)
    assert [group.count for group in found] == [5, 3, 1, 1, 1]
    assert total == 5
    parking, food, *_ = found
    assert {e.text for e in parking.examples} < {*ALIKE, "where is it ok to park"}
    assert {e.text for e in food.examples} == set(ANOTHER)
    assert len(parking.examples) == cluster_pages.EXAMPLES
    assert parking.weeks == {date(2026, 11, 16): 4, date(2026, 11, 23): 1}


def test_the_middle_is_that_of_questions_not_of_what_follows_other_topics():
    from bot.review.similarity import _outside
    from bot.settings import ROOT

    found = _outside(ROOT / "data" / "nlu")
    assert len(found) > 1_000
    assert not [text for text in found if text.startswith(("missed session:", "breaks:", "family:"))]


def test_groups_are_filtered_paged_and_settled(empty_record):
    with empty_record.writing() as connection:
        ask(connection, *(f"question {letter}" for letter in "abcdefg"))
        feedback.note(connection, NOW, "screen", "breaks", False, "why so short")
        assert cluster_pages.clusters(connection, ReviewReason.UNHELPFUL, 1, 3)[1] == 1
        first, total = cluster_pages.clusters(connection, None, 1, 3)
        third, _ = cluster_pages.clusters(connection, None, 3, 3)
        assert (len(first), len(third), total) == (3, 2, 8)
        (own,) = review_queue.similar_to(connection, first[0].first, 50)
        assert own.text == "why so short"
        assert review_queue.dismiss(connection, [own.id]) == 1
        assert review_queue.dismiss(connection, [own.id]) == 0
        assert review_queue.similar_to(connection, own.id, 50) == []


def test_a_group_does_not_grow_into_a_chain():
    import numpy as np

    def turned(degrees):
        return np.array([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))], np.float32)

    groups = clustering.Clusters()
    placed = [groups.assign(turned(angle), number) for number, angle in enumerate(range(0, 180, 20))]
    assert placed[0] != placed[-1]  # each is near its neighbour, the ends are not near each other


def test_a_vector_survives_being_kept(encode):
    (vector,) = encode(["what if i miss a session"])
    again = clustering.from_text(clustering.to_text(vector))
    assert float(vector @ again) > 0.999


# The database


def test_the_migration_moves_questions_that_were_kept_before(tmp_path):
    from alembic import command
    from alembic.config import Config

    database = open_database(f"sqlite:///{tmp_path}/old.db", TEST_KEY, print)
    moved_from_0005(database, command, Config)


@pytest.mark.parametrize("empty_record", ["postgresql"], indirect=True)
def test_the_migration_moves_questions_on_postgresql(empty_record):
    from alembic import command
    from alembic.config import Config

    with empty_record.writing() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    moved_from_0005(empty_record, command, Config)


def moved_from_0005(database, command, config_class):
    config = config_class()
    config.set_main_option("script_location", str(FOLDER))
    with database.writing() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0005")
        insert = text(
            "INSERT INTO feedback (at, channel, topic, helpful, question) VALUES (:at, 'screen', 'breaks', :h, :q)"
        )
        token = database.keyring.encrypt("why so short")
        connection.execute(insert, {"at": NOW, "h": False, "q": token})
        connection.execute(insert, {"at": NOW, "h": True, "q": None})
    migrate(database)
    with database.reading() as connection:
        rows = connection.execute(select(question)).all()
        assert [(r.at, r.week, r.topic, r.why, r.text) for r in rows] == [
            (NOW, date(2026, 11, 23), "breaks", "unhelpful", "why so short")
        ]
        assert feedback.votes(connection, NOW - timedelta(days=1)) == {"breaks": {True: 1, False: 1}}
