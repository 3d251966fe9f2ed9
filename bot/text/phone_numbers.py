"""Telephone numbers: one way to write each, and only those that a person can answer from."""

import re

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

_STORIES = re.compile(r"\+447700900\d{3}")
_PEOPLE = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE, PhoneNumberType.PERSONAL_NUMBER})


class NumberError(ValueError):
    """Not a number that a person can be texted at."""


def e164(text: str, region: str = "GB") -> str:
    """Return ``text`` as +447700900123: 07700…, 447700…, 0044… and +44… are one person.

    Raise NumberError for what is no mobile number: invalid, short codes, names as senders.
    """
    text = text.strip()
    if text.isascii() and text.isdigit() and not text.startswith("0"):
        text = "+" + text  # some gateways leave the plus out
    try:
        number = phonenumbers.parse(text, region)
    except NumberParseException:
        raise NumberError("not a telephone number") from None
    if not phonenumbers.is_possible_number(number) or not _is_person(number):
        raise NumberError("not a mobile telephone number")
    return str(phonenumbers.format_number(number, PhoneNumberFormat.E164))


def _is_person(number: phonenumbers.PhoneNumber) -> bool:
    written = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    # 07700 900000 to 900999 are kept for stories and tests, and no real network has them.
    return bool(_STORIES.fullmatch(written)) or phonenumbers.number_type(number) in _PEOPLE
