"""How the screen names headings and topics: neutrally, because whoever walks past reads them too.

A heading's name is in data/leaflet/, a title's beside the answer. A button still sends the topic's own title, and an
answer still cites the leaflet's own heading: only what stands on the screen is another one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.errors import ConfigurationError
from bot.replies import answer_files
from bot.replies.wording import ResponseCatalog

NEAR = 4
"""So many other topics are offered after an answer that did not help."""


class DisplayNamesError(ConfigurationError):
    """The file cannot be used; the message says which entry and what was expected."""


@dataclass(frozen=True)
class DisplayNames:
    """What stands on the screen in place of the leaflet's headings and of the topics' titles."""

    headings: Mapping[str, str]
    titles: Mapping[str, str]
    """By the topic's own title."""

    def heading(self, section: str | None) -> str | None:
        """Return how a heading of the leaflet is shown; None for none."""
        return self.headings.get(section, section) if section else None

    def near(self, words: ResponseCatalog, topic: str) -> list[tuple[str, str]]:
        """Return the titles of topics to choose instead of ``topic``, with how they are shown.

        Those under the same heading go first, in the leaflet's order from it on.
        """
        topics = [t for t in words.topics() if words.section(t) and words.title(t)]
        place = topics.index(topic) if topic in topics else -1
        others = [t for t in (*topics[place + 1 :], *topics[: max(place, 0)]) if t != topic]
        others.sort(key=lambda t: words.section(t) != words.section(topic))
        return [(title, self.title(title)) for title in map(words.title, others[:NEAR])]

    def title(self, text: str) -> str:
        """Return how a topic's title is shown; any other text, such as a question, as it is."""
        return self.titles.get(text, text)


def load(words: ResponseCatalog, leaflet: Path = answer_files.LEAFLET) -> DisplayNames:
    """Return the names for the programme and language of ``words``; raise DisplayNamesError for an unknown one."""
    headings = answer_files.sections(words.programme, leaflet)
    sections = {words.section(topic) for topic in words.topics()}
    for name in headings:
        if name not in sections:
            raise DisplayNamesError(f"{name!r} in {leaflet / words.programme}: expected a heading that an answer cites")
    topics = [topic for topic in words.topics() if words.display_title(topic) != words.title(topic)]
    for topic in topics:
        if not words.title(topic):
            raise DisplayNamesError(f"display_title of {topic!r}: expected a topic with a title")
    return DisplayNames(headings, {words.title(topic): words.display_title(topic) for topic in topics})
