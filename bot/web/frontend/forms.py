"""Forms: read from a request's body, checked by WTForms, shown by the macros of templates/frontend/forms.html."""

from collections.abc import AsyncGenerator, Mapping
from typing import Any
from urllib.parse import parse_qsl

from starlette.datastructures import MultiDict
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request
from wtforms import Form as WTForm
from wtforms import fields as wt

from bot.text.typed import normalised, normalised_lines
from bot.web.body import MAX_BODY, read

Fields = MultiDict
FILE = "file "
_FILES = 20
_MANY = 2_000
"""More fields than any page has: a register of a large group has some hundreds."""


class StringField(wt.StringField):
    """A line of text: what a form has read is never None."""

    data: str


class TextAreaField(wt.TextAreaField):
    """Some lines of text: what a form has read is never None."""

    data: str


class PasswordField(wt.PasswordField):
    """A password as it was typed: what a form has read is never None."""

    data: str


class Form(WTForm):
    """A form of a page. Its texts are normalised, but for passwords; one that a request leaves out is an empty one."""

    def process(self, *arguments: Any, **values: Any) -> None:
        """Take in what a request brings, or what a page shows at first."""
        super().process(*arguments, **values)
        for field in self:
            if isinstance(field, wt.StringField):
                field.data = _as_meant(field)

    @property
    def error_list(self) -> list[dict[str, str]]:
        """What is wrong, as the error summary lists it: in the order of the fields, each with a link to its field."""
        return [{"text": str(fault), "href": f"#{field.id}"} for field in self for fault in field.errors]


def _as_meant(field: wt.StringField) -> str:
    data: str = field.data or ""
    if isinstance(field, wt.PasswordField):
        return data
    return normalised_lines(data) if isinstance(field, wt.TextAreaField) else normalised(data)


async def fields(request: Request, longest: int = MAX_BODY) -> Fields:
    """Return the fields of the form that ``request`` brings; answer 413 to one that is too long.

    A file is a field called :data:`FILE` and its name, whose value is its text; bytes that are no UTF-8 are surrogates.
    """
    body = await read(request, longest)
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        return await _with_files(request, body)
    try:
        return MultiDict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=_MANY))
    except ValueError:
        raise HTTPException(413) from None


async def _with_files(request: Request, body: bytes) -> Fields:
    async def stream() -> AsyncGenerator[bytes, None]:
        yield body

    try:
        parsed = await MultiPartParser(request.headers, stream(), max_files=_FILES, max_fields=_FILES).parse()
    except MultiPartException:
        raise HTTPException(400) from None
    found: list[tuple[str, str]] = []
    for name, value in parsed.multi_items():
        if isinstance(value, str):
            found.append((name, value))
        elif value.filename:
            content = await value.read()
            found.append((FILE + value.filename, content.decode("utf-8", "surrogateescape")))
    await parsed.close()
    return MultiDict(found)


def parameters(field: Any, more: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the GOV.UK component for ``field`` is called with; ``more`` has the last word."""
    values: dict[str, Any] = {"id": field.id, "idPrefix": field.id, "name": field.name}
    if field.description:
        values["hint"] = {"text": field.description}
    if field.errors:
        values["errorMessage"] = {"text": str(field.errors[0])}
    if field.type in ("RadioField", "SelectMultipleField", "SelectField"):
        values["items"] = [
            {"value": value, "text": text, "checked": chosen, "selected": chosen}
            for value, text, chosen, *_ in field.iter_choices()
        ]
    if field.type in ("RadioField", "SelectMultipleField"):
        values["fieldset"] = {"legend": {"text": field.label.text, "classes": "govuk-fieldset__legend--s"}}
    elif field.type == "BooleanField":
        values["items"] = [{"value": "y", "text": field.label.text, "checked": bool(field.data)}]
    else:
        values["label"] = {"text": field.label.text}
    if field.type not in ("RadioField", "SelectMultipleField", "SelectField", "BooleanField", "PasswordField"):
        values["value"] = field._value() if field.type != "FileField" else ""  # a password is never shown again
    return {**values, **more}
