"""The settings: what they are read from, what is refused, and in which words."""

import re

import pytest

from bot.settings import Settings, SettingsError, variable


def refused(**environment):
    with pytest.raises(SettingsError) as error:
        Settings.from_env(environment)
    return str(error.value)


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("LEAFLINE_PROT", "LEAFLINE_PORT"),
        ("LEAFLINE_DATABASE_URL", "DATABASE_URL"),
        ("LEAFLINE_TELEGRAM_TOKEN", "TELEGRAM_TOKEN"),
        ("LEAFLINE_KEEP_DAY", "LEAFLINE_KEEP_DAYS"),
        ("LEAFLINE_port", "LEAFLINE_PORT"),
    ],
)
def test_a_variable_that_is_no_setting_is_refused_with_the_one_that_is_meant(given, meant):
    assert refused(**{given: "8001"}) == f"{given} is no setting: did you mean {meant}?"


def test_variables_of_others_and_of_tests_are_none_of_ours():
    Settings.from_env({"PORT": "high", "LEAFLINE_TEST_ALL": "1", "LEAFLINE_DIE_AT": "x", "leafline_port": "1"})


def test_everything_that_is_wrong_is_told_at_once_a_line_each():
    assert refused(LEAFLINE_PORT="high", LEAFLINE_KEEP_DAYS="0", DATABASE_URL="").splitlines() == [
        "LEAFLINE_PORT is 'high': expected a number from 1 to 65535",
        "DATABASE_URL is empty: leave it out, or give it a value",
        "LEAFLINE_KEEP_DAYS is '0': expected a number from 1 to 3650",
    ]


@pytest.mark.parametrize("name", sorted(Settings.__fields__))
def test_an_error_of_any_setting_names_its_variable_and_what_was_expected(name):
    for value in ("", "\u2028 ;"):
        try:
            Settings.from_env({variable(name): value})
        except SettingsError as error:
            assert str(error).startswith(variable(name))
            assert re.search("expected|leave it out", str(error))


@pytest.mark.parametrize("name", ["TELEGRAM_TOKEN", "LEAFLINE_TELEGRAM_SECRET", "LEAFLINE_DUTY_PHONES"])
def test_what_is_secret_is_not_repeated(name):
    assert "hush" not in refused(**{name: "hush!"})


def test_no_secret_is_in_what_is_printed_of_the_settings():
    names = ("database_key", "twilio_token", "notify_key", "notify_bearer", "kannel_password", "kannel_token")
    assert "hush" not in repr(Settings(**dict.fromkeys(names, "hush")))


def test_settings_depend_on_no_environment_and_stay_as_they_are(monkeypatch):
    monkeypatch.setenv("LEAFLINE_PORT", "9999")
    settings = Settings(keep_days=3)
    assert (settings.port, settings.keep_days) == (8000, 3)
    with pytest.raises(TypeError):
        settings.port = 1
