"""Text messages are counted as the network counts them."""

import pytest

from bot.replies import gsm


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", 1), ("a" * 160, 1), ("a" * 161, 2), ("a" * 306, 2), ("a" * 307, 3),
        ("€" * 80, 1), ("€" * 81, 2), ("a" * 159 + "€", 2),
        ("a" * 152 + "€" + "a" * 152, 3), ("a" * 152 + "€" + "a" * 151, 2),
        ("ж" * 70, 1), ("ж" * 71, 2), ("ж" * 134, 2), ("ж" * 135, 3), ("😀" * 35, 1), ("😀" * 36, 2), ("😀" * 34 + "ж" * 66, 3),
    ],
)  # fmt: skip
def test_req_21_parts_are_counted(text, parts):
    assert gsm.parts(text) == parts


def test_typographic_marks_become_plain_ones():
    assert gsm.to_gsm("“it’s” – 1…") == '"it\'s" - 1...'


@pytest.mark.parametrize(("text", "plain"), [("£5 é", True), ("[€]", True), ("ж", False), ("`", False)])
def test_the_alphabet_is_known(text, plain):
    assert gsm.is_gsm(text) is plain
