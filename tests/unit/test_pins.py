"""PINs in messages: what is one, whatever stands around it, and what is a date, a telephone or any other number."""

import pytest

from bot.text.clean import clean
from bot.text.personal_codes import find
from bot.text.pins import is_weak_pin

PIN = "482915"
CALLED_A_PIN = [
    "set my pin to 482915", "my pin will be 482915", "My pin is 48-29-15", "i want my pin to be 482915",
    "can i have 482915 as my pin", "pin482915", "PIN–482915", "pin 4829-15", "pin is 4-8-2-9-1-5", "pin: 482_915",
    "Pin = 482915 when is my next session", "482915 is my pin", "my pin's 482915", "PIN NUMBER 482915",
    "password 482915", "my PIN: 4 8 2 - 9 1 5", "pin>482915", "482915 will be my pin", "new pin 482915", "482915=pin",
    "my pin is four eight two nine one five", "pin code: 482.915", "make 482915 my pin please", "the pin i want is 482915",
    "hi my name is joe and the office gave me this so for the pin i would like to have 482915 if that is ok with you all",
    "pin is 482915, how many can i miss", "pin 482915 pin 482915", "my pin is 482915. whens the next one",
]  # fmt: skip
IN_SHORT = [
    "482915 thanks", "482915 👍", "is 482915 ok", "48-29-15", "482915 pls", "48.29.15", "482/915", "482,915", "482_915",
    "482-915", "4 8 2 9 1 5", "48 29 15", "four eight two nine one five", "4829 15", "i choose 482915", "(482915)",
    "its 482915 joe from evening group", "482915 when is my next session", "hi can u make it 482915 ta", "#482915#",
    '"482915"', "482915?", "482915!!", "482915, 482915", "i'd like 482915 please mate", "482915 cheers bruv",
    "482915 is what i want", "here you go 482915 x", "482915x", "482915pls", "use 482 915", "482915 💯🔥", "482915 that ok?",
    "4.8.2.9.1.5", "48/29/15", "i will have 482915", "the number i want is 482915", "482915. Thanks, Joe",
    "482915\nSent from my iPhone", "could it be 482915?", "how about 482915", "Number 482915", "lets go with 482915",
    "\N{ARABIC-INDIC DIGIT FOUR}\N{ARABIC-INDIC DIGIT EIGHT}\N{ARABIC-INDIC DIGIT TWO}\N{ARABIC-INDIC DIGIT NINE}15",
    "\N{FULLWIDTH DIGIT FOUR}\N{FULLWIDTH DIGIT EIGHT}2915", "4\ufe0f\u20e38\ufe0f\u20e32\ufe0f\u20e39\ufe0f\u20e31\ufe0f\u20e35\ufe0f\u20e3",
]  # fmt: skip
NONE = [
    "is there one on 14-12-26?", "14-12-26", "26-12-15", "24-11-26", "2026-12-15", "24.11.26", "14/12/2026", "07700 900123",
    "what have i got on 24-11-26", "07700900123", "my number is 07700 900123", "+44 7700 900123", "+447700900123",
    "session 12", "i missed sessions 12 13 14", "what about sessions 12, 13, 14", "is it 10.30-12", "10:30:45", "1000-12",
    "room 482915", "my crn is x482915", "crn 482915", "my case no is 482 913", "is there a session on 141226",
    "i cant come 14 12 26 sorry mum ill", "from 1000-1200", "DEMO-482915", "my dob is 14/12/86", "dob 141286",
    "i was born on 14 12 86", "£482915", "2 weeks 3 days", "2026-12", "12/2026", "joe482915@example.org",
    "i walked 482915 steps on my phone yesterday and wondered whether you could tell me the times",
]  # fmt: skip


@pytest.mark.parametrize("text", CALLED_A_PIN)
def test_six_digits_that_are_called_a_pin_are_one_at_any_time(text):
    assert find(clean(text)).pin == PIN


@pytest.mark.parametrize("text", IN_SHORT)
def test_six_digits_in_a_short_message_are_one_where_one_is_waited_for(text):
    assert find(clean(text)).digits == PIN


@pytest.mark.parametrize("text", NONE)
def test_other_numbers_are_none(text):
    found = find(clean(text))
    assert (found.pin, found.digits) == (None, None)


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("482915 or 739284", "482915739284"), ("12345", "12345"), ("12345 thanks", "12345"), ("1234567", "1234567"),
        ("48291a", "48291"), ("58-04-17", "580417"), ("99-12-24 thanks", "991224"),
    ],
)  # fmt: skip
def test_digits_that_are_no_date_are_a_secret_whatever_their_number(text, digits):
    assert find(clean(text)).digits == digits


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("482915 when is my next session", "when is my next session"),
        ("Pin = 482915 when is my next session", "when is my next session"),
        ("pin is 482915, how many can i still miss", "how many can i still miss"),
        ("i want my pin to be 482915", ""),
        ("my pin is 482915 please tell me when i am on next", "please tell me when i am on next"),
        ("can i have 482915 as my pin please mate", ""),
        ("its 482915 joe from evening group", ""),
    ],
)
def test_only_a_question_is_left_beside_a_pin(text, rest):
    assert find(clean(text)).rest == rest


@pytest.mark.parametrize("pin", ["000000", "123456", "654321", "121212", "123123", "987654", "890123"])
def test_pins_that_people_guess_first(pin):
    assert is_weak_pin(pin)
    assert not is_weak_pin(PIN)
