"""A day and two times of it, as a form asks for them, and the stretch of time that they are."""

from datetime import datetime, timedelta

from wtforms.validators import InputRequired, ValidationError

from bot.records.importing.cells import LONGEST, CellError, YearError, moment, time_range
from bot.text import discretion
from bot.web.frontend.forms import Form, StringField


class TimeRangeForm(Form):
    """Asks for a day and when something begins and ends there; local time."""

    day = StringField("Day", [InputRequired("Enter the day")])
    begins = StringField("Begins", [InputRequired("Enter when it begins")])
    ends = StringField("Ends", [InputRequired("Enter when it ends")])

    def time_range(self, length: timedelta | None = None) -> tuple[datetime, datetime] | None:
        """Return the stretch of time; None, with what is wrong put to the field, where it is none.

        With ``length`` it may be left open when it ends.
        """
        if not self.validate():
            return None
        try:
            if length is not None and not self.ends.data:
                starts_at = moment(f"{self.day.data} {self.begins.data}", "starts_at")
                return starts_at, starts_at + length
            return time_range(f"{self.day.data} {self.begins.data}", f"{self.day.data} {self.ends.data}")
        except CellError as error:
            field, text = self._fault(error)
            field.errors = [*field.errors, text]
            return None

    def _fault(self, error: CellError) -> tuple[StringField, str]:
        said = str(error)
        if isinstance(error, YearError):
            return self.day, too_far(error)
        field = self.ends if said.startswith("ends_at") else self.begins
        if "clocks go forward" in said:
            return field, "That time does not exist on that day: the clocks go forward over it"
        if "after starts_at" in said:
            return field, "The end must be after the beginning"
        if "12 hours" in said:
            return field, f"Nothing goes on for more than {LONGEST.seconds // 3600} hours: is one of the times wrong?"
        return field, "Enter a day like 2026-11-23 and times like 18:00"


def too_far(error: YearError) -> str:
    """Return what a form says about a day whose year cannot be meant."""
    return f"Enter a day that is not so far away: {str(error).partition(': ')[2]}"


def discreet(_: Form, field: StringField) -> None:
    """Refuse a text that would tell, in a text message, what the message is about."""
    told = discretion.refused(field.data)
    if told:
        expected = "Enter a neutral name or an address: it is in text messages that others may see"
        raise ValidationError(f"“{told}” tells what it is about. {expected}")
