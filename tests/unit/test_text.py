"""What people type is read as what they meant."""

import pytest

from bot.text.clean import MAX_CHARACTERS, clean, has_words
from bot.text.normalise import WordListError, load, normalise


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("wot if i mis a sesion cos im ill??", "what if i miss a session because i am ill?"),
        ("do i need 2 go 2 evry 1", "do i need to go to everyone"),
        ("is it 4 me", "is it for me"),
        ("is it 2 hours or 4 hours", "is it 2 hours or 4 hours"),
        ("probashun oficer wont lisen", "probation officer will not listen"),
        ("evning grup tims", "evening group times"),
        ("how meny sesions hav i dun", "how many sessions have i done"),
        ("startin tmoz", "starting tomorrow"),
        ("soooooo bored", "so bored"),
        ("it finishes at 7.50pm on 3/12", "it finishes at 7.50pm on 3/12"),
        ("LINK K7QF-2MPD", "link k7qf-2mpd"),
        ("i want 2 kil meself", "i want to kill myself"),
    ],
)
def test_short_forms_and_misspellings_are_written_out(typed, meant):
    assert normalise(typed) == meant


def test_a_bare_yes_in_the_word_list_is_refused_with_what_was_expected(tmp_path):
    (tmp_path / "short_forms.yml").write_text("short_forms: {yh: yes}\nphrases: {}\ndigits: {}\n")
    (tmp_path / "vocabulary.txt").write_text("session\n")
    with pytest.raises(WordListError, match="quotes around yes and no"):
        load(tmp_path)


@pytest.mark.parametrize("word", ["refreshments", "solvents", "questionnaire", "rochdale", "licence", "dvd", "covid"])
def test_a_word_that_is_one_is_left_alone(word):
    assert normalise(word) == word


@pytest.mark.parametrize(("typed", "known"), [("ggfdsa", False), ("x", False), ("7", True), ("sesshun", True)])
def test_letters_hit_at_random_are_no_words(typed, known):
    assert load().knows_a_word_of(normalise(typed)) is known


def test_control_characters_surrogates_and_overrides_are_taken_out():
    assert clean("a\x00b\u202ec\ud800d\n e") == "a bcd e"


def test_full_width_text_becomes_plain():
    assert clean("／restart") == "/restart"


@pytest.mark.parametrize("length", [10_000, 100_000])
def test_a_long_text_keeps_its_start_and_its_end(length):
    cleaned = clean("start " + "blah " * (length // 5) + "what if i miss a session")
    assert len(cleaned) <= MAX_CHARACTERS + 1
    assert cleaned.startswith("start") and cleaned.endswith("what if i miss a session")


@pytest.mark.parametrize(("text", "words"), [("👍", False), ("", False), ("?!", False), ("ok", True), ("1", True)])
def test_emoji_and_marks_are_no_words(text, words):
    assert has_words(text) is words
