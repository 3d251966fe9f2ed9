"""Form tokens: whose form is accepted, with which cookie, and for how long."""

from datetime import timedelta

import pytest

from bot.web import csrf
from bot.web.csrf import LIFETIME, FormToken, MemberFormToken
from tests.support.staff_desk import NOW


@pytest.fixture
def keyring(staff_site):
    return staff_site.record.keyring


def test_a_visitors_token_is_valid_with_their_cookie_alone(keyring):
    token = csrf.for_cookie(keyring, "a cookie")
    assert csrf.verify(keyring, token, "a cookie", NOW) == FormToken()
    assert csrf.verify(keyring, token, "another cookie", NOW) is None
    assert csrf.verify(keyring, token, None, NOW) is None


def test_a_members_token_says_who_and_where_and_is_valid_for_a_week(keyring):
    token = csrf.for_member(keyring, 7, "/staff/groups?page=2", NOW)
    found = csrf.verify(keyring, token, None, NOW + LIFETIME, allow_members=True)
    assert found == MemberFormToken(7, "/staff/groups?page=2")
    late = NOW + LIFETIME + timedelta(seconds=1)
    assert csrf.verify(keyring, token, "a cookie", late, allow_members=True) is None


def test_a_members_token_is_no_visitors(keyring):
    token = csrf.for_member(keyring, 7, "/staff", NOW)
    assert csrf.verify(keyring, token, "a cookie", NOW) is None


@pytest.mark.parametrize("token", [None, "", ".", "..", "7.1.x.y", "\ud800é", "a" * 5_000])
def test_anything_else_is_refused(keyring, token):
    assert csrf.verify(keyring, token, "a cookie", NOW, allow_members=True) is None


def test_a_token_that_was_changed_is_refused(keyring):
    token = csrf.for_member(keyring, 7, "/staff", NOW)
    assert csrf.verify(keyring, "8" + token[1:], "a cookie", NOW, allow_members=True) is None
