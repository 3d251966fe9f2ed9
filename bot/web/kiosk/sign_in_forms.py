"""The forms for signing in at the kiosk: with reference and PIN, and the first time with a link code."""

from typing import Any

from wtforms import Field
from wtforms.validators import InputRequired, Length, StopValidation

from bot.text import pins, six_digits
from bot.text.clean import clean
from bot.web.frontend.forms import Form, PasswordField, StringField


def typed_digits(text: str) -> str | None:
    """Return the six digits that were typed, with whatever marks between them; None for anything else."""
    plain = pins.plain_digits(clean(text))
    digits = six_digits.digits(plain)
    return digits if len(digits) == six_digits.DIGITS and not any(c.isalpha() for c in plain) else None


def _six_digits(form: Form, field: Field) -> None:
    if typed_digits(field.data) is None:
        raise StopValidation("Enter six digits, and nothing else")


def _not_weak(form: Form, field: Field) -> None:
    if pins.is_weak_pin(typed_digits(field.data) or ""):
        raise StopValidation("Choose a PIN that is harder to guess: not 123456, not six times the same digit")


def _same_pin(form: Any, field: Field) -> None:
    first, second = (typed_digits(data) for data in (form.pin.data, field.data))
    if first is not None and first != second:  # what is wrong with the first is told there
        raise StopValidation("The two PINs are not the same")


class KioskSignInForm(Form):
    """Asks a person who has a PIN for it and for their reference."""

    reference = StringField("Your reference", [InputRequired("Enter your reference"), Length(max=40)])
    pin = PasswordField("Your PIN", [InputRequired("Enter your PIN"), _six_digits], description="Six digits")


class FirstVisitForm(Form):
    """Asks a person who comes the first time for the link code, and for a PIN twice."""

    code = StringField("Your link code", [InputRequired("Enter the code that staff gave you"), Length(max=20)])
    pin = PasswordField(
        "Choose a PIN",
        [InputRequired("Choose a PIN"), _six_digits, _not_weak],
        description="Six digits that nobody would guess",
    )
    again = PasswordField("The same PIN again", [InputRequired("Enter the PIN again"), _same_pin])
