"""A word is read as it was meant, whatever letters, signs and spaces it was written with."""

import pytest

from bot.text.letters import plain_letters


@pytest.mark.parametrize(
    "typed",
    [
        "stop", "STOP", "Stop!", "STOP.", "«stop»", "(stop)", "St0p", "5top", "s7op", "$top", "st*p", "stöp", "stóp", "ştop", "sтор", "ｓｔｏｐ",
        "𝐬𝐭𝐨𝐩", "🆂🆃🅾🅿", "s t o p", "S T O P", "S.T.O.P", "S.T.O.P.", "s-t-o-p", "s_t_o_p", "S * T * O * P", "s\u200bt\u200bo\u200bp",
        "st\u00adop", "s\u0336t\u0336o\u0336p\u0336", "stop\ufe0f",
    ],
)  # fmt: skip
def test_one_word_comes_out_alike_however_it_is_written(typed):
    assert plain_letters(typed) == "stop"


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("St0p please!", "stop please"),
        ("S T O P, wrong number", "stop wrong number"),
        ("don't st0p", "don't stop"),
        ("V2AB-3CDE", "v2ab-3cde"),
        ("H3AD 4BED", "h3ad 4bed"),
        ("482915", "482915"),
        ("4 8 2 9 1 5", "4 8 2 9 1 5"),
        ("12/12 at 6.30", "12/12 at 6.30"),
        ("J. D. Smith", "j d smith"),
        ("room5 at 7pm on the 1st", "room5 at 7pm on the 1st"),
        ("y r u late", "y r u late"),
        ("spot", "spot"),
        ("stpo", "stpo"),
        ("", ""),
    ],
)
def test_what_is_no_hidden_word_stays(typed, plain):
    assert plain_letters(typed) == plain
