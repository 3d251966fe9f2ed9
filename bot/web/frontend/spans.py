"""A day and two times of it, as a form asks for them, and the stretch of time that they are."""

from datetime import datetime

from wtforms import StringField
from wtforms.validators import InputRequired

from bot.records.importing.cells import CellError, span
from bot.web.frontend.forms import Form


class SpanForm(Form):
    """Asks for a day and when something begins and ends there; local time."""

    day = StringField("Day", [InputRequired("Enter the day")])
    begins = StringField("Begins", [InputRequired("Enter when it begins")])
    ends = StringField("Ends", [InputRequired("Enter when it ends")])

    def span(self) -> tuple[datetime, datetime] | None:
        """Return the stretch of time; None, with what is wrong put to the field, where it is none."""
        if not self.validate():
            return None
        try:
            return span(f"{self.day.data}T{self.begins.data}", f"{self.day.data}T{self.ends.data}")
        except CellError as error:
            field = self.ends if str(error).startswith("ends_at") else self.begins
            field.errors = [*field.errors, _plain(str(error))]
            return None


def _plain(error: str) -> str:
    if "clocks go forward" in error:
        return "That time does not exist on that day: the clocks go forward over it"
    if "after starts_at" in error:
        return "The end must be after the beginning"
    return "Enter a day like 2026-11-23 and times like 18:00"
