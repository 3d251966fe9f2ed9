"""The Jinja environment of the pages: the project's templates, and beside them GOV.UK Frontend's macros."""

import re
from datetime import date, datetime
from pathlib import Path

from babel.dates import format_date
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, PrefixLoader
from markupsafe import Markup, escape

from bot.replies.when import LOCAL, clock, times
from bot.web.frontend import forms

TEMPLATES = Path(__file__).resolve().parents[1] / "templates"
SMALL = 5
"""Counts below this are not shown in figures."""
_PHONE = re.compile(r"(?<![\w/.:-])(?:999|111|116 ?123|(?:\+44 ?|0)\d[\d ]{6,12}\d)(?![\w/:-])")
"""Numbers to ring, as British texts write them; no date, time or number of anything else has this form."""
_MACROS = "govuk_frontend_jinja"


def environment() -> Environment:
    """Return the environment; whatever a template puts in is escaped."""
    loader = ChoiceLoader([FileSystemLoader(TEMPLATES), PrefixLoader({_MACROS: PackageLoader(_MACROS)})])
    made = Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    made.filters |= {
        "day": day,
        "short_day": short_day,
        "moment": moment,
        "plural": plural,
        "suppressed": suppressed,
        "phone": phone,
        "phones": phones,
        "parameters": forms.parameters,
    }
    made.globals |= {"times": times}
    return made


def day(value: datetime | date) -> str:
    """Return the local day in full: "Tuesday 24 November 2026"."""
    return str(format_date(_local(value), "EEEE d MMMM y", locale="en_GB"))


def short_day(value: datetime | date) -> str:
    """Return the local day for a table: "Tue 24 Nov 2026"."""
    return str(format_date(_local(value), "EEE d MMM y", locale="en_GB"))


def moment(value: datetime) -> str:
    """Return the local day and time: "Tue 24 Nov 2026, 6pm"."""
    return f"{short_day(value)}, {clock(value)}"


def plural(count: int, one: str, many: str = "") -> str:
    """Return "1 session" or "2 sessions"; ``many`` where an s is not enough."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def suppressed(count: int) -> str:
    """Return a count of people's doings; a small one is not told exactly, for it may be about one of them."""
    return f"fewer than {SMALL}" if 0 < count < SMALL else f"{count:,}"


def phone(number: str) -> Markup:
    """Return a telephone number as a link that rings it."""
    return Markup('<a class="govuk-link phone" href="tel:{}">{}</a>').format(re.sub(r"[^\d+]", "", number), number)


def phones(text: str) -> Markup:
    """Return ``text`` with each telephone number in it as such a link."""
    parts, at = [], 0
    for found in _PHONE.finditer(text):
        parts += [escape(text[at : found.start()]), phone(found[0])]
        at = found.end()
    return Markup("").join([*parts, escape(text[at:])])


def _local(value: datetime | date) -> date:
    return value.astimezone(LOCAL).date() if isinstance(value, datetime) else value
