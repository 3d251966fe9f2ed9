"""The regression set: questions and dialogues that nothing was trained or tuned on, in every reply format."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from bot.messages import ReplyFormat
from bot.replies import gsm
from bot.training.encoder_age import known_topics
from evaluation import baseline, limits, scoring, sets

BASELINE = baseline.recorded()


@pytest.fixture(scope="module")
def answered(bot, loop):
    """Return the results of one reply format, asked once."""
    kept = {}

    def results(reply_format):
        if reply_format not in kept:
            kept[reply_format] = loop.run(scoring.run(bot, sets.cases(), reply_format))
        return kept[reply_format]

    return results


@pytest.mark.parametrize("reply_format", list(ReplyFormat))
def test_the_set_is_answered_as_well_as_the_baseline_and_danger_as_the_limits_ask(answered, reply_format, capsys):
    results = answered(reply_format)
    bars = limits.bars(results)
    with capsys.disabled():
        print(f"\n\n{reply_format}: {len(results)} questions")
        print("\n".join(map(str, bars)))
        if reply_format is ReplyFormat.SCREEN:
            print(f"\n{scoring.table(results, 'style')}\n\n{scoring.table(results, 'topic')}")
    assert [str(bar) for bar in bars if bar.is_absolute and not bar.holds] == []
    assert [str(bar) for bar in bars if not bar.is_absolute and not bar.keeps_up_with(BASELINE[bar.name])] == []


def test_the_baseline_is_as_good_as_every_limit_asks(answered):
    """A change of one question turns no build red, and small losses cannot add up: what is recorded keeps the limits."""
    bars = limits.bars(answered(ReplyFormat.SCREEN))
    recorded = [replace(bar, share=BASELINE[bar.name]) for bar in bars]
    recorded += [replace(limits.talk_bar(name, 0, 1), share=BASELINE[f"{name}: turns astray"]) for name in limits.TALKS]
    assert [str(bar) for bar in recorded if not bar.holds] == []
    assert {bar.name for bar in recorded} == set(BASELINE)


def test_the_baseline_says_when_an_answer_is_too_far_below_it():
    right = limits.Bar("right", 0.889, at_least=0.90, tolerance=0.015)
    wrong = limits.Bar("wrong", 0.031, at_most=0.03, tolerance=0.01)
    assert right.keeps_up_with(0.904)
    assert not right.keeps_up_with(0.905)
    assert wrong.keeps_up_with(0.021)
    assert not wrong.keeps_up_with(0.020)


def test_nothing_is_recorded_that_misses_a_limit(tmp_path, monkeypatch, capsys):
    async def measured(conversation, reply_format):
        return [limits.Bar("right", 0.89, at_least=0.90, tolerance=0.015)]

    monkeypatch.setattr(baseline, "measured", measured)
    monkeypatch.setattr(baseline.bootstrap, "Bootstrap", lambda settings: SimpleNamespace(handler=None))
    monkeypatch.setattr(baseline, "FILE", tmp_path / "baseline.json")
    assert baseline.main() == 1
    assert not list(tmp_path.iterdir())
    assert "right" in capsys.readouterr().err


def test_every_rendering_answers_the_same_topics(answered):
    screen, *others = ([r.answer.topics for r in answered(reply_format)] for reply_format in ReplyFormat)
    assert all(topics == screen for topics in others)


def test_every_text_message_is_gsm_7_and_few_parts(answered):
    texts = [reply.text for result in answered(ReplyFormat.SMS) for reply in result.answer.replies]
    assert [t for t in texts if not gsm.is_gsm(t)] == []
    assert max(map(gsm.parts, texts)) <= 3


@pytest.mark.parametrize("reply_format", list(ReplyFormat))
@pytest.mark.parametrize("name", limits.TALKS)
def test_most_turns_of_a_dialogue_are_answered_right(bot, loop, reply_format, name, capsys):
    dialogues = getattr(sets, name)()
    turns = sum(len(dialogue.turns) for dialogue in dialogues)
    astray = [line for dialogue in dialogues for line in loop.run(scoring.misled(bot, dialogue, reply_format))]
    with capsys.disabled():
        print(f"\n{reply_format}: {len(astray)} of {turns} turns of {len(dialogues)} {name} went astray")
        if reply_format is ReplyFormat.SCREEN:
            print("\n".join(astray))
    bar = limits.talk_bar(name, len(astray), turns)
    assert bar.keeps_up_with(BASELINE[bar.name]), str(bar)


def test_the_set_asks_at_least_eight_questions_of_every_topic_in_mixed_styles():
    """Of every topic that the encoder was made from; a newer one is measured with its own questions."""
    by_topic = {topic: [case for case in sets.cases() if case.topic == topic] for topic in known_topics()}
    assert len(by_topic) >= 56
    assert {topic: len(found) for topic, found in by_topic.items() if len(found) < 8} == {}
    assert [topic for topic, found in by_topic.items() if len({case.style for case in found}) < 3] == []


def test_nothing_of_the_set_is_trained_on():
    from bot.settings import ROOT
    from bot.text.normalise import normalise
    from bot.training.questions import by_author

    trained = {normalise(example.text) for _, example in by_author([ROOT / "data" / "nlu"])}
    shared = [case.text for case in sets.cases() if normalise(case.text) in trained and len(case.text.split()) > 3]
    assert shared == []
