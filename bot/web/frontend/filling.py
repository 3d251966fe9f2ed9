"""Puts what somebody had entered back into a form of a page, as it was sent."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser

Attributes = dict[str, str | None]
_LEFT = ("submit", "button", "image", "reset", "file", "password")
"""Inputs that stay as they are."""


@dataclass
class _Tag:
    """A tag of a form, and where it stands in the page."""

    name: str
    attributes: Attributes
    start: int
    end: int
    closed_at: int = -1
    """Where the text of a text area ends."""
    of: str = ""
    """The name of the list that an option is in."""


@dataclass
class _Form:
    action: str
    end: int
    """Where its start tag ends."""
    tags: list[_Tag] = field(default_factory=list)


def fill(html: str, address: str, action: str, fields: Sequence[tuple[str, str]], never: Sequence[str]) -> str | None:
    """Return the page with its form for ``action`` filled in; None where it has none.

    ``address`` is the page's own, where a form without an action goes. A field that the form has not is added to it out
    of sight; one called as in ``never`` is neither filled in nor added.
    """
    form = _chosen(_Forms(html, address).found, action)
    if form is None:
        return None
    given: dict[str, list[str]] = {}
    for name, value in fields:
        if name not in never:
            given.setdefault(name, []).append(value)
    named = {tag.of or tag.attributes.get("name") for tag in form.tags}
    edits = [
        *_hidden(form, {name: values for name, values in given.items() if name not in named}),
        *_edits(form, given),
    ]
    for start, end, text in sorted(edits, reverse=True):
        html = html[:start] + text + html[end:]
    return html


def _chosen(forms: Sequence[_Form], action: str) -> _Form | None:
    """Return the form for ``action``, or the one whose next step that is."""
    same = [form for form in forms if form.action == action]
    before = [form for form in forms if action.startswith(form.action + "/")]
    return next(iter(same or before), None)


def _hidden(form: _Form, missing: dict[str, list[str]]) -> Iterator[tuple[int, int, str]]:
    added = [(name, value) for name, values in missing.items() for value in values]
    text = "".join(f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in added)
    if text:
        yield form.end, form.end, text


def _edits(form: _Form, given: dict[str, list[str]]) -> Iterator[tuple[int, int, str]]:
    rest = {name: list(values) for name, values in given.items()}
    for tag in form.tags:
        name, kind = tag.attributes.get("name") or "", tag.attributes.get("type") or "text"
        if tag.name == "option":
            if tag.of in given:
                yield _marked(tag, "selected", tag.attributes.get("value") in given[tag.of])
        elif tag.name == "textarea":
            if rest.get(name):
                yield tag.end, tag.closed_at, "\n" + escape(rest[name].pop(0))
        elif kind in ("checkbox", "radio"):
            if kind == "checkbox" or name in given:
                yield _marked(tag, "checked", (tag.attributes.get("value") or "on") in given.get(name, ()))
        elif tag.name == "input" and kind not in _LEFT and rest.get(name):
            yield tag.start, tag.end, _written("input", {**tag.attributes, "value": rest[name].pop(0)})


def _marked(tag: _Tag, mark: str, wanted: bool) -> tuple[int, int, str]:
    attributes = {name: value for name, value in tag.attributes.items() if name != mark}
    return tag.start, tag.end, _written(tag.name, {**attributes, mark: mark} if wanted else attributes)


def _written(name: str, attributes: Attributes) -> str:
    said = "".join(f" {key}" if value is None else f' {key}="{escape(value)}"' for key, value in attributes.items())
    return f"<{name}{said}>"


class _Forms(HTMLParser):
    """Finds the forms of a page that change something, with their fields."""

    def __init__(self, html: str, address: str) -> None:
        super().__init__()
        self.found: list[_Form] = []
        self._address, self._inside, self._list, self._area = address, False, "", False
        self._lines = [0]
        for line in html.split("\n"):
            self._lines.append(self._lines[-1] + len(line) + 1)
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes, start = dict(attrs), self._at()
        end = start + len(self.get_starttag_text() or "")
        if tag == "form" and (attributes.get("method") or "").lower() == "post":
            self.found.append(_Form(attributes.get("action") or self._address, end))
            self._inside = True
        elif self._inside and tag == "select":
            self._list = attributes.get("name") or ""
        elif self._inside and tag in ("input", "textarea", "option"):
            of = self._list if tag == "option" else ""
            self.found[-1].tags.append(_Tag(tag, attributes, start, end, of=of))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "select":
            self._list = ""
        elif tag == "textarea" and self._inside and self.found[-1].tags:
            self.found[-1].tags[-1].closed_at = self._at()

    def _at(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column
