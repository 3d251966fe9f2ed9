"""A message is read in few parts, however many sentences it has, and nothing of it is left out."""

import pytest

from bot.text.clean import clean
from bot.text.normalise import normalise
from bot.understanding import nlp
from bot.understanding.parts import MOST, bounded
from tests.support.detecting import TextDetector


@pytest.fixture(scope="module")
def pipeline():
    return nlp.build()


MANY = {
    "one letter": "A. " * 1000,
    "without spaces": "A." * 1000,
    "questions": "why? " * 400,
    "all different": " ".join(f"number {n} is here." for n in range(110)),
    "one long among short": "ok. " * 200
    + "what happens if i miss a session because my daughter is ill. "
    + "so. " * 200,
}


@pytest.mark.parametrize("text", MANY.values(), ids=MANY)
def test_a_message_of_many_sentences_is_read_in_few_parts(pipeline, text):
    assert len(nlp.read(pipeline, normalise(clean(text))).parts) <= MOST


@pytest.mark.parametrize("text", MANY.values(), ids=MANY)
def test_every_word_stands_in_some_part(pipeline, text):
    normalised = normalise(clean(text))
    said = {word.strip(".?,") for word in normalised.split()}
    read = {word.strip(".?,") for part in nlp.read(pipeline, normalised).parts for word in part.split()}
    assert said - read - {""} == set()


def test_a_question_among_many_sentences_is_a_part_of_its_own(pipeline):
    parts = nlp.read(pipeline, normalise(MANY["one long among short"])).parts
    assert "what happens if i miss a session because my daughter is ill" in parts


def test_few_parts_stay_as_they_are():
    assert bounded(["when is it", "where is it", "when is it"]) == ["when is it", "where is it", "when is it"]


def test_joined_parts_are_of_much_the_same_length():
    parts = bounded([f"sentence number {n} of many" for n in range(90)])
    assert len(parts) == MOST
    assert max(map(len, parts)) < 2 * min(map(len, parts))


@pytest.mark.parametrize("place", [0, 150, 299])
def test_danger_in_any_of_many_sentences_is_heard(place):
    sentences = ["ok."] * 300
    sentences[place] = "i want to die."
    assert TextDetector().risk(" ".join(sentences)) == "crisis"
