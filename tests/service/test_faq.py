"""The regression set: questions and dialogues that nothing was trained or tuned on, in every rendering."""

import pytest

from benchmarks import faq
from bot.messages import ReplyFormat
from bot.replies import gsm
from bot.training.encoder_age import known_topics


@pytest.fixture(scope="module")
def answered(bot, loop):
    """Return the results of one rendering, asked once."""
    kept = {}

    def results(rendering):
        if rendering not in kept:
            kept[rendering] = loop.run(faq.run(bot, faq.cases(), rendering))
        return kept[rendering]

    return results


@pytest.mark.parametrize("rendering", list(ReplyFormat))
def test_the_set_is_answered_as_well_as_the_bars_ask(answered, rendering, capsys):
    results = answered(rendering)
    bars = faq.bars(results)
    with capsys.disabled():
        print(f"\n\n{rendering}: {len(results)} questions")
        print("\n".join(map(str, bars)))
        if rendering is ReplyFormat.SCREEN:
            print(f"\n{faq.table(results, 'style')}\n\n{faq.table(results, 'topic')}")
    assert [str(bar) for bar in bars if not bar.holds] == []


def test_every_rendering_answers_the_same_topics(answered):
    screen, *others = ([r.answer.topics for r in answered(rendering)] for rendering in ReplyFormat)
    assert all(topics == screen for topics in others)


def test_every_text_message_is_gsm_7_and_few_parts(answered):
    texts = [reply.text for result in answered(ReplyFormat.SMS) for reply in result.answer.replies]
    assert [t for t in texts if not gsm.is_gsm(t)] == []
    assert max(map(gsm.parts, texts)) <= 3


@pytest.mark.parametrize("rendering", list(ReplyFormat))
@pytest.mark.parametrize(("name", "at_most"), [("dialogues", 0.12), ("moves", 0.10), ("unseen_moves", 0.15)])
def test_most_turns_of_a_dialogue_are_answered_right(bot, loop, rendering, name, at_most, capsys):
    dialogues = getattr(faq, name)()
    turns = sum(len(dialogue.turns) for dialogue in dialogues)
    astray = [line for dialogue in dialogues for line in loop.run(faq.misled(bot, dialogue, rendering))]
    with capsys.disabled():
        print(f"\n{rendering}: {len(astray)} of {turns} turns of {len(dialogues)} {name} went astray")
        if rendering is ReplyFormat.SCREEN:
            print("\n".join(astray))
    assert len(astray) <= at_most * turns


def test_the_set_asks_at_least_eight_questions_of_every_topic_in_mixed_styles():
    """Of every topic that the encoder was made from; a newer one is measured with its own questions."""
    by_topic = {topic: [case for case in faq.cases() if case.topic == topic] for topic in known_topics()}
    assert len(by_topic) >= 56
    assert {topic: len(found) for topic, found in by_topic.items() if len(found) < 8} == {}
    assert [topic for topic, found in by_topic.items() if len({case.style for case in found}) < 3] == []


def test_nothing_of_the_set_is_trained_on():
    from bot.settings import ROOT
    from bot.text.normalise import normalise
    from bot.understanding.finetune.questions import by_author

    trained = {normalise(example.text) for _, example in by_author([ROOT / "data" / "nlu"])}
    shared = [case.text for case in faq.cases() if normalise(case.text) in trained and len(case.text.split()) > 3]
    assert shared == []
