"""What the bot says next, for made-up readings: the choice is a plain function."""

from dataclasses import replace

import pytest

from bot.conversation.state import ConversationState
from bot.dialogue import follow_ups
from bot.dialogue.choice import MessagePart, NextStep, NluResult, StepKind, choose

FOLLOW_UPS = follow_ups.load()


def after(heard, topics=(), suggestions=(), misunderstood=0):
    state = ConversationState(context_topics=topics, suggestions=suggestions, misunderstood=misunderstood)
    return choose(heard, state, FOLLOW_UPS)


def hear(text="something", *ranking, parts=(), in_context=()):
    return NluResult(text, list(ranking), tuple(MessagePart(list(p)) for p in parts), list(in_context))


def test_a_sure_topic_is_answered():
    assert after(hear("x", ("dress", 0.9), ("rules", 0.05))) == NextStep(StepKind.ANSWER, ("dress",), 0.9)


def test_between_two_topics_it_asks():
    choice = after(hear("x", ("dress", 0.45), ("rules", 0.41), ("breaks", 0.01)))
    assert (choice.kind, choice.topics) == (StepKind.CLARIFY, ("dress", "rules"))


def test_at_most_three_are_offered():
    choice = after(hear("x", ("dress", 0.3), ("rules", 0.2), ("breaks", 0.2), ("respect", 0.2)))
    assert choice.topics == ("dress", "rules", "breaks")


def test_out_of_scope_is_never_offered():
    choice = after(hear("x", ("out_of_scope", 0.4), ("rules", 0.39)))
    assert choice.topics == ("rules",)


def test_nothing_likely_is_not_understood():
    assert after(hear("x", ("dress", 0.09), ("rules", 0.08))).kind is StepKind.FALLBACK


@pytest.mark.parametrize("topic", ["crisis", "child_at_risk"])
def test_life_at_risk_goes_before_a_surer_topic(topic):
    assert after(hear("x", ("dress", 0.55), (topic, 0.4))).topics == (topic,)


def test_life_at_risk_in_one_part_goes_before_everything():
    parts = ([("dress", 0.99)], [("crisis", 0.8), ("dress", 0.1)])
    assert after(hear("x", ("dress", 0.9), ("crisis", 0.06), parts=parts)).topics == ("crisis",)


def test_life_at_risk_in_a_part_that_the_whole_message_does_not_bear_out_is_no_alarm():
    parts = ([("dress", 0.99)], [("crisis", 0.8), ("dress", 0.1)])
    assert after(hear("x", ("dress", 0.95), ("crisis", 0.01), parts=parts)).topics == ("dress",)


def test_life_at_risk_goes_before_an_answer_to_did_you_mean():
    assert after(hear("1", ("crisis", 0.9)), suggestions=("dress", "rules")).topics == ("crisis",)


def test_two_sure_parts_get_both_answers():
    parts = ([("session_times", 0.95)], [("breaks", 0.9)])
    assert after(hear("x", ("breaks", 0.6), ("session_times", 0.4), parts=parts)).topics == (
        "session_times",
        "breaks",
    )


def test_what_leads_up_to_a_question_is_no_question():
    parts = (MessagePart([("session_times", 0.95)], is_question=False), MessagePart([("breaks", 0.9)]))
    heard = NluResult("x", [("breaks", 0.6), ("session_times", 0.4)], parts)
    assert after(heard).topics == ("breaks",)


def test_a_part_that_the_whole_message_knows_nothing_of_is_no_question():
    parts = ([("dress", 0.95)], [("breaks", 0.9)])
    assert after(hear("x", ("breaks", 0.9), ("dress", 0.01), parts=parts)).topics == ("breaks",)


def test_a_greeting_beside_a_question_is_not_answered_twice():
    parts = ([("greeting", 0.99)], [("breaks", 0.9)])
    assert after(hear("x", ("breaks", 0.9), parts=parts)).topics == ("breaks",)


@pytest.mark.parametrize(
    "text", ["2", "the second one", "number 2 please", "option 2", "two", "2nd", "yes the second one"]
)
def test_a_number_picks_what_was_offered(text):
    assert after(hear(text, ("out_of_scope", 0.9)), suggestions=("dress", "rules", "breaks")).topics == ("rules",)


@pytest.mark.parametrize("text", ["no", "none of them", "neither", "something else"])
def test_none_of_them_is_understood(text):
    assert after(hear(text, ("out_of_scope", 0.9)), suggestions=("dress", "rules")).kind is StepKind.FALLBACK


def test_no_with_more_behind_it_is_no_mere_refusal():
    heard = hear("no, the day one", ("session_times", 0.9))
    assert after(heard, suggestions=("dress", "rules")).topics == ("session_times",)


def test_a_new_question_after_did_you_mean_is_answered():
    heard = hear("when did the leaflet come out", ("leaflet_date", 0.95))
    assert after(heard, suggestions=("dress", "rules")).topics == ("leaflet_date",)


def test_only_what_says_nothing_else_is_a_pick():
    offered = {"suggestions": ("my_next_session", "my_venue")}
    assert after(hear("1", ("out_of_scope", 0.9)), **offered).picked
    assert not after(hear("am i in on the 14th", ("my_next_session", 0.95)), **offered).picked


def test_a_number_means_nothing_when_nothing_was_offered():
    assert after(hear("2", ("out_of_scope", 0.9))).topics == ("out_of_scope",)


def test_a_follow_up_is_read_in_the_light_of_the_last_answer():
    heard = hear("why?", ("out_of_scope", 0.4), ("recording", 0.3), in_context=[("recording", 0.9)])
    assert after(heard, topics=("recording",)).topics == ("recording",)


def test_a_follow_up_goes_where_people_usually_go():
    ranking = [("removal", 0.3), ("dress", 0.3), ("rules", 0.2)]
    after_rules = dict(FOLLOW_UPS.combine(ranking, ranking, "rules"))
    assert after_rules["removal"] > after_rules["dress"]
    assert sum(after_rules.values()) == pytest.approx(1)


def test_a_follow_up_that_is_unsure_asks_back():
    ranking = [("removal", 0.3), ("dress", 0.3), ("breaks", 0.25)]
    assert after(hear("and then?", *ranking, in_context=ranking), topics=("recording",)).kind is StepKind.CLARIFY


def test_a_life_at_risk_is_never_read_into_a_follow_up():
    heard = hear("and then?", ("rules", 0.15), ("crisis", 0.1), in_context=[("crisis", 0.9), ("rules", 0.05)])
    assert after(heard, topics=("rules",)).topics == ("rules",)
    heard = hear("who do i ring now", ("crisis", 0.15), ("talk_to_staff", 0.2), in_context=[("crisis", 0.9)])
    assert after(heard, topics=("crisis",)).topics == ("crisis",)


@pytest.mark.parametrize("label", ["repeat", "unclear"])
def test_a_move_without_an_answer_before_it_is_not_understood(label):
    assert after(hear("pardon", (label, 0.8))) == NextStep(StepKind.FALLBACK, (), 0.8)


def test_a_wish_to_hear_it_again_gives_the_last_answer_again():
    heard = hear("say that again", ("repeat", 0.95))
    choice = after(heard, topics=("dress", "breaks"))
    assert (choice.topics, choice.again) == (("dress", "breaks"), True)


def test_a_wish_to_hear_it_again_may_be_heard_only_in_the_light_of_the_answer():
    ranking = [("thanks", 0.3), ("repeat", 0.3), ("unclear", 0.2)]
    choice = after(hear("u sure", *ranking, in_context=[("dress", 0.5), ("unclear", 0.2)]), topics=("dress",))
    assert (choice.topics, choice.again) == (("dress",), True)


def test_a_follow_up_on_the_same_topic_is_not_the_answer_again():
    heard = hear("and boots", ("dress", 0.5), ("repeat", 0.1), in_context=[("dress", 0.9)])
    assert not after(heard, topics=("dress",)).again


def test_a_bare_yes_to_what_asked_nothing_is_not_understood():
    said = [("unclear", 0.6), ("repeat", 0.1)]
    assert after(hear("yes", *said, in_context=[("dress", 0.3)]), topics=("dress",)).kind is StepKind.FALLBACK
    assert after(hear("why", *said, in_context=[("dress", 0.8)]), topics=("dress",)).topics == ("dress",)


def test_a_danger_after_an_answer_is_one_in_its_light_too():
    said = [("child_at_risk", 0.3), ("missed_session", 0.3)]
    heard = hear("and if i do it again", *said, in_context=[("missed_session", 0.9)])
    assert after(heard, topics=("missed_session",)).topics == ("missed_session",)
    heard = hear("i might do it again", *said, in_context=[("child_at_risk", 0.3), ("missed_session", 0.5)])
    assert after(heard, topics=("missed_session",)).topics == ("child_at_risk",)


def test_what_is_surely_a_danger_by_itself_is_one_after_every_answer():
    heard = hear("i took the lot", ("crisis", 0.6), ("dress", 0.1), in_context=[("report_absence", 0.95)])
    assert after(heard, topics=("report_absence",)).topics == ("crisis",)
    heard = replace(heard, continues_topic="report_absence")
    assert after(heard, topics=("report_absence",)).topics == ("report_absence",)


@pytest.mark.parametrize("topic", ["out_of_scope", "other_people", "dress"])
def test_keys_hit_at_random_are_not_understood(topic):
    heard = NluResult("ggfdsa", [(topic, 0.95 if topic != "dress" else 0.3)], has_words=False)
    assert after(heard).kind is StepKind.FALLBACK


def test_what_is_no_word_may_surely_be_something():
    assert after(NluResult("yo", [("greeting", 0.9)], has_words=False)).topics == ("greeting",)


@pytest.mark.parametrize("label", ["thanks", "goodbye", "out_of_scope", "unclear", "repeat"])
@pytest.mark.parametrize("danger", ["crisis", "child_at_risk"])
def test_after_a_life_at_risk_what_asks_nothing_else_stays_with_it(danger, label):
    assert after(hear("ok", (label, 0.9)), topics=(danger,)).topics == (danger,)


def test_after_a_life_at_risk_what_is_still_about_it_goes_before_a_surer_topic():
    heard = hear("cant ring anyone", ("talk_to_staff", 0.97), in_context=[("still_at_risk", 0.6)])
    assert after(heard, topics=("crisis",)).topics == ("crisis",)


def test_after_a_life_at_risk_another_question_is_answered():
    heard = hear("can i wear shorts", ("dress", 0.9), in_context=[("dress", 0.8), ("still_at_risk", 0.1)])
    assert after(heard, topics=("crisis",)).topics == ("dress",)


def test_a_long_message_stands_by_itself():
    assert FOLLOW_UPS.may_be_follow_up("and if i do it again")
    assert not FOLLOW_UPS.may_be_follow_up("i have got a new job and they want me there on a monday")
    assert not FOLLOW_UPS.may_be_follow_up("?!")


def test_a_sure_question_after_an_answer_stands_by_itself():
    heard = hear("can i wear shorts", ("dress", 0.97), in_context=[("session_times", 0.9)])
    assert after(heard, topics=("session_times",)).topics == ("dress",)


@pytest.mark.parametrize("text", ["none of these", "neither", "4", "number 4", "four please"])
def test_none_of_several_is_answered_with_what_to_do_instead(text):
    choice = after(hear(text, ("greeting", 0.5)), suggestions=("dress", "rules", "breaks"))
    assert (choice.kind, choice.says) == (StepKind.FALLBACK, "none_of_these")


@pytest.mark.parametrize("text", ["5", "0", "12", "number 7"])
def test_a_number_that_is_not_on_the_list_has_the_list_shown_again(text):
    choice = after(hear(text, ("greeting", 0.5)), suggestions=("dress", "rules", "breaks"))
    assert (choice.kind, choice.topics, choice.says) == (
        StepKind.CLARIFY,
        ("dress", "rules", "breaks"),
        "no_such_number",
    )


def test_a_longer_list_is_picked_from_to_its_end():
    topics = ("a", "b", "c", "d", "e", "f", "g")
    assert [after(hear(t, ("greeting", 0.5)), suggestions=topics).topics for t in ("4", "seven")] == [("d",), ("g",)]


def test_no_to_a_single_offer_is_a_mere_no():
    assert after(hear("no", ("greeting", 0.5)), suggestions=("my_misses_left",)).says == ""
