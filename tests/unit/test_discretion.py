"""What stands in text messages says nothing of the programme or of offences; and what is typed has one form."""

import pytest

from bot.settings import Settings, SettingsError
from bot.text import discretion
from bot.text.typed import compared, normalised, normalised_lines

TELLING = [
    "iSOTP", "i-SOTP", "I.S.O.T.P.", "i S O T P", "the i-SOTP team", "S0TP", "Evening SO-TP", "SOTP1", "isotpgroup", "Core SOTP",
    "SexOffender", "Sex Offender Unit", "sex-offences", "SEXOFF", "Sexual Offending A", "Sexual_Offences", "s3xual", "$ex", "s e x offenders",
    "Sëx offending", "\N{FULLWIDTH LATIN CAPITAL LETTER S}ex Unit", "Sex\u00adual", "S\u200bOTP", "Psychosexual Service", "Offending Behaviour", "Young Offenders",
    "ReOffending", "OffenderGrp", "Offence Focused Work", "Treatment Programme", "Horizon Programme", "iHorizon", "Kaizen", "Building Choices",
    "Child abuse centre", "Rape crisis centre", "Indecent images", "Child Protection Unit", "Domestic Violence Suite", "Paedophile", "SHPO",
]  # fmt: skip
NEUTRAL = [
    "Essex House", "Sussex Road, Middlesex", "Room 2, Example House, 1 Example Street", "Evening A", "Tuesday group", "The Grapes Inn", "Sextons Lane",
    "Scrapers Yard", "Bus stop, Unit 5", "Rapeseed Lane", "the duty officer", "Defence House", "Fence Street", "Room 5 E X", "PO19 1SX", "W1S 0TP",
    "SE5 0TP", "your offender manager", "Offender Management Unit", "St. Anne's", "Monday to Friday, 9am to 5pm", "07700 900123", "Office", "Leafline",
]  # fmt: skip


@pytest.mark.parametrize("text", TELLING)
def test_a_name_that_tells_is_found(text):
    assert discretion.refused(text)
    assert discretion.refused(f"Room 1, {text}")


@pytest.mark.parametrize("text", NEUTRAL)
def test_a_neutral_name_is_not(text):
    assert discretion.refused(text) is None


@pytest.mark.parametrize(
    "text", ["Example Probation Office", "Horizon House", "Court Road", "HMP Example", "Offender Management Unit"]
)
def test_what_may_give_it_away_is_doubtful(text):
    assert discretion.doubtful(text)


@pytest.mark.parametrize("text", ["iSOTP", "SexOffender", "i S O T P", "SexOff Team", "S0TP"])
@pytest.mark.parametrize(
    "name", ["LEAFLINE_SMS_SENDER", "LEAFLINE_CONTACT_NAME", "LEAFLINE_OFFICE_HOURS", "LEAFLINE_TELEGRAM_NAME"]
)
def test_settings_that_tell_are_refused(name, text):
    with pytest.raises(SettingsError, match=rf"{name} is .* tells what it is about"):
        Settings.from_env({name: text})


@pytest.mark.parametrize("sender", ["+447700900123", "60777", "Office", "Leafline", "Sussex Hse", "NHS 24"])
def test_neutral_senders_are_taken(sender):
    assert Settings.from_env({"LEAFLINE_SMS_SENDER": sender}).sms_sender == sender


@pytest.mark.parametrize("sender", ["", "   ", "twelve chars", "a-b", "12", "Probation", "ProbationSv", "HMPPS"])
def test_what_no_gateway_sends_from_is_refused(sender):
    with pytest.raises(SettingsError):
        Settings.from_env({"LEAFLINE_SMS_SENDER": sender})


def test_what_cannot_be_seen_is_no_part_of_a_setting():
    assert (
        Settings.from_env({"LEAFLINE_CONTACT_NAME": "\u202ethe\u00a0 duty officer\u200b"}).contact_name
        == "the duty officer"
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" a  b\t c ", "a b c"),
        ("a\u00a0b\u2003c", "a b c"),
        ("a\u200bb\ufeff\u00ad", "ab"),
        ("\u202etxet\u202c", "txet"),
        ("Cafe\u0301", "Café"),
        ("a\r\nb", "a b"),
        ("\u2800\u3164", ""),
        ("a\0b\x07", "ab"),
        ("✓ 日本", "✓ 日本"),
        ("", ""),
    ],
)
def test_what_is_typed_has_one_form(text, expected):
    assert normalised(text) == expected
    assert normalised(expected) == expected


def test_lines_stay_lines():
    assert normalised_lines(" one \r\ntwo\u200b\n\nthree") == "one\ntwo\n\nthree"


@pytest.mark.parametrize(
    "other", ["test group", "TEST  GROUP", "Test\u00a0group", "\N{FULLWIDTH LATIN CAPITAL LETTER T}est group"]
)
def test_names_are_compared_as_a_reader_would(other):
    assert compared(other) == compared("Test group")
    assert compared("Anna\u2019s \u2013 A") == compared("anna's - a")
    assert compared("Test groups") != compared(other)
