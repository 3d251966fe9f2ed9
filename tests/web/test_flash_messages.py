"""Messages that are shown once: each has a key that a page uses, and each key of a page has a message."""

import ast

import pytest

from bot.settings import ROOT
from bot.web.staff.flash_messages import FlashMessagesError, flash_messages

BY_SCRIPT = {"idle", "idle_kept"}
"""Used by static/staff.js alone."""


def used_keys():
    """Every text in the pages of staff that is a key of a message."""
    for file in (ROOT / "bot" / "web" / "staff").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def test_every_message_is_used_somewhere():
    script = (ROOT / "bot" / "web" / "static" / "staff.js").read_text("utf-8")
    assert all(f'"{key}"' in script for key in BY_SCRIPT)
    assert set(flash_messages().by_key) - set(used_keys()) == BY_SCRIPT


def test_a_redirect_to_a_message_that_is_missing_fails():
    with pytest.raises(KeyError):
        flash_messages().check("nothing")


def test_an_address_with_a_key_that_is_missing_shows_nothing(staff_site):
    assert staff_site.signed_in().get("/staff?done=nothing").status_code == 200


@pytest.mark.parametrize(
    ("text", "expected"),
    [("done: {a: b}", "expected done and not_done"), ("done: {a: b}\nnot_done: {a: c}", "a in")],
)
def test_a_file_that_cannot_be_used_says_why(tmp_path, text, expected):
    file = tmp_path / "flash.yml"
    file.write_text(text, "utf-8")
    with pytest.raises(FlashMessagesError, match=expected):
        flash_messages(file)
