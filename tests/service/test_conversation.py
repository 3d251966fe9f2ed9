"""Whole turns through the only door, with the trained model."""

from datetime import UTC, datetime

import pytest

from bot.messages import Address, InboundMessage, ReplyFormat
from bot.replies import gsm


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("What happens if I miss a session?", "missed_session"),
        ("wot time does it start", "session_times"),
        ("how many sesions r ther", "programme_length"),
        ("when is my next session", "my_next_session"),
        ("hello", "greeting"),
        ("thanks", "thanks"),
        ("STOP", "stop_messages"),
        ("how do i bake a cake", "out_of_scope"),
        ("did dave turn up last week", "other_people"),
    ],
)
def test_a_question_gets_its_topic(ask, text, topic):
    assert ask(text).topics == (topic,)


@pytest.mark.parametrize("reply_format", list(ReplyFormat))
@pytest.mark.parametrize("before", [(), ("what times is it",), ("wear clothes or what", "1")])
def test_a_crisis_is_answered_in_every_state_of_the_conversation(ask, reply_format, before):
    answer = ask(*before, "i want to kill myself", reply_format=reply_format)
    assert answer.topics == answer.alerts == ("crisis",)
    assert "116 123" in answer.replies[0].text


def test_a_child_at_risk_gets_its_numbers(ask):
    assert "0808 1000 900" in ask("i think the boy next door is being hurt").replies[0].text


@pytest.mark.parametrize("reply_format", list(ReplyFormat))
@pytest.mark.parametrize(
    "text", ["/missed_session", "/restart", "/session_start", " /stop{}", '／missed_session{"a": "b"}', "/"]
)
def test_req_19_a_slash_from_outside_is_ordinary_text(ask, text, reply_format):
    assert ask("what time is it on", text, reply_format=reply_format).replies


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "👍👍",
        "?",
        "\x00",
        "\u202e",
        "\ud83d",
        "a" * 1600,
        "ж" * 500,
        "blah " * 20_000,
        "1" * 100_000,
    ],
)
@pytest.mark.parametrize("reply_format", list(ReplyFormat))
def test_anything_gets_a_bounded_reply(ask, text, reply_format):
    replies = ask(text, reply_format=reply_format).replies
    assert 1 <= len(replies) <= 3
    assert all(0 < len(r.text) < 1000 for r in replies)


def test_a_question_at_the_end_of_ten_thousand_characters_is_found(ask):
    answer = ask("la " * 3400 + "What happens if I miss a session?")
    assert "missed_session" in (*answer.topics, *answer.suggestions)


def test_nothing_understood_twice_offers_the_topic_list_and_a_person(ask, unsure):
    answer = ask(unsure, "none of them", "none of them")
    assert len(answer.suggestions) > 3
    assert "07700 900123" in answer.replies[0].text
    assert ask(unsure, "none of them", "none of them", answer.replies[0].buttons[0].text).topics == (
        answer.suggestions[0],
    )


def test_an_sms_offers_numbers_and_a_screen_buttons(ask, unsure):
    text = ask(unsure, reply_format=ReplyFormat.SMS)
    assert "\n1. " in text.replies[0].text and not text.replies[0].buttons
    screen = ask(unsure, reply_format=ReplyFormat.SCREEN)
    assert len(screen.replies[0].buttons) == len(screen.suggestions) + 1, "and one for none of these"


def test_a_tapped_button_answers(ask, unsure):
    offered = ask(unsure)
    button = offered.replies[0].buttons[-2]
    assert ask(unsure, button.text).topics == (offered.suggestions[-1],)


def test_a_number_by_text_answers(ask, unsure):
    offered = ask(unsure, reply_format=ReplyFormat.SMS)
    assert ask(unsure, "1", reply_format=ReplyFormat.SMS).topics == (offered.suggestions[0],)


def test_somebody_unknown_who_comes_is_not_told_to_say_that_they_do_not(ask):
    for said in (["i cant come on tuesday", "yes i can come"], ["i cant come tuesday", "actually i will be there"]):
        text = ask(*said).replies[0].text
        assert "there is nothing to tell me" in text, (said, text)


def test_an_unknown_person_is_told_how_to_get_linked_and_nothing_else(ask):
    for question in ("when is my next session", "how many have i missed", "where do i go for my session"):
        text = ask(question).replies[0].text
        assert "link code" in text


def test_the_leaflet_heading_is_cited_on_screen(ask):
    assert ask("what if i miss a session").replies[0].section == "What happens if I do not attend?"


@pytest.mark.parametrize("text", ["what if i miss a session", "what are the rules", "how do i complain"])
def test_an_sms_reply_is_short_and_plain(ask, text):
    for reply in ask(text, reply_format=ReplyFormat.SMS).replies:
        assert gsm.is_gsm(reply.text) and gsm.parts(reply.text) <= 3


def test_a_follow_up_of_one_person_does_not_lean_on_another(ask):
    ask("what times are the evening sessions", conversation="one person")
    together = ask("what times are the evening sessions", "what about the day one?")
    alone = ask("what about the day one?", conversation="another person")
    assert together.topics == ("session_times",)
    assert alone.confidence != together.confidence


@pytest.mark.parametrize("text", ["HELP", "info", "Info.", "START"])
@pytest.mark.parametrize("reply_format", [ReplyFormat.SMS, ReplyFormat.TELEGRAM])
def test_who_writes_here_is_said_in_neutral_words(ask, text, reply_format):
    said = ask(text, reply_format=reply_format).replies[0].text
    assert "automatic information service" in said
    assert "STOP" in said
    assert "999" in said


@pytest.mark.parametrize("reply_format", list(ReplyFormat))
@pytest.mark.parametrize(
    ("danger", "number"), [("i want to kill myself", "116 123"), ("i think the boy next door is being hurt", "0808")]
)
@pytest.mark.parametrize("text", ["who do i ring", "is it free", "ok", "yes", "got no credit", "they didnt pick up"])
def test_after_danger_what_asks_nothing_else_gets_the_numbers_again(ask, danger, number, text, reply_format):
    answer = ask(danger, text, reply_format=reply_format)
    assert number in answer.replies[0].text
    assert answer.alerts


def test_after_danger_another_question_is_answered(ask):
    assert ask("i want to kill myself", "what should i wear to the group").topics == ("dress",)


def test_an_answer_is_given_again_and_the_third_time_with_a_person_to_ask(ask):
    first = ask("what should i wear")
    again = ask("what should i wear", "say that again please")
    assert again.replies == first.replies
    third = ask("what should i wear", "say that again please", "i dont understand what you mean")
    assert third.topics == ("dress",)
    assert third.replies[:-1] == first.replies
    assert "07700 900123" in third.replies[-1].text


@pytest.mark.parametrize(
    ("first", "then", "topic"),
    [
        ("what if i miss a session", "why", "missed_session"),
        ("are sessions recorded", "why?", "recording"),
        ("what times are the sessions", "what about evenings?", "session_times"),
    ],
)
def test_a_follow_up_leans_on_the_turn_before(ask, first, then, topic):
    assert ask(first, then).topics == (topic,)


@pytest.mark.parametrize("text", ["yes", "no", "maybe", "say that again", "i dont understand"])
def test_what_says_nothing_by_itself_is_not_understood_and_alarms_nobody(ask, text):
    answer = ask(text)
    assert (answer.topics, answer.alerts) == ((), ())


def test_a_message_does_not_lean_on_what_was_said_the_day_before_yesterday(bot, loop):
    def said(text, day):
        at = datetime(2026, 11, day, 9, tzinfo=UTC)
        return loop.run(bot.handle(InboundMessage(Address.parse("sms:+447700900777"), text, ReplyFormat.SMS, at=at)))

    assert said("i want to kill myself", 2).alerts
    assert said("ok", 3).alerts
    assert not said("ok", 5).alerts


@pytest.mark.parametrize("text", ["help: no one picks up", "crisis: ok", "rules: what if i miss a session"])
def test_a_topic_and_a_colon_before_a_message_change_nothing(bot, loop, text):
    def confidence(typed):
        return loop.run(
            bot.handle(InboundMessage(Address.parse(f"colon {typed}"), typed, ReplyFormat.SCREEN))
        ).confidence

    assert confidence(text) == confidence(text.replace(": ", " : "))
