"""The wording of every answer, read from data/answers/, keyed by programme, topic, reply format and language.

The files are Rasa response files (``responses:``, channel variations), merged into the domain by `rasa train`;
this reads the same files without Rasa, for what has to be said when there is no model.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.messages import ReplyFormat
from bot.replies import answer_files
from bot.replies.answer_files import ANSWERS, WordingError

NO_TITLE = ""


def response_name(programme: str, language: str, topic: str) -> str:
    """Return the name of the Rasa response that answers ``topic``."""
    return f"utter_{programme}_{language}_{topic}"


@dataclass(frozen=True)
class ResponseCatalog:
    """What one programme's bot says in one language."""

    programme: str
    language: str
    responses: Mapping[str, list[dict[str, Any]]]

    def text(self, topic: str, reply_format: ReplyFormat, **values: str) -> str:
        """Return the words for ``topic`` in ``reply_format``, with ``values`` put in for its {placeholders}."""
        text = str(self._variation(topic, reply_format)["text"]).strip()
        for name, value in values.items():
            text = text.replace("{" + name + "}", value)
        return text

    def title(self, topic: str) -> str:
        """Return how ``topic`` is named where it is offered, or an empty string where it never is."""
        return str(self._metadata(topic).get("title", NO_TITLE))

    def display_title(self, topic: str) -> str:
        """Return how the title of ``topic`` is shown where strangers can read it: neutrally."""
        return str(self._metadata(topic).get("display_title", self.title(topic)))

    def section(self, topic: str) -> str | None:
        """Return the leaflet heading that the answer comes from, if it comes from the leaflet."""
        return self._metadata(topic).get("section")

    def name(self, topic: str) -> str:
        """Return the name of the Rasa response that answers ``topic``."""
        return response_name(self.programme, self.language, topic)

    def topic(self, response: str) -> str:
        """Return the topic that the Rasa response named ``response`` answers."""
        return response.removeprefix(response_name(self.programme, self.language, ""))

    def topics(self) -> list[str]:
        """Return everything that has words: the topics in the order of domain.yml, then the rest."""
        start = len(response_name(self.programme, self.language, ""))
        return [name[start:] for name in self.responses]

    def _metadata(self, topic: str) -> dict[str, Any]:
        return self._variations(topic)[0].get("metadata") or {}

    def _variation(self, topic: str, reply_format: ReplyFormat) -> dict[str, Any]:
        variations = self._variations(topic)
        own = [v for v in variations if v.get("channel") == reply_format.value]
        return (own or [v for v in variations if "channel" not in v])[0]

    def _variations(self, topic: str) -> list[dict[str, Any]]:
        name = response_name(self.programme, self.language, topic)
        if name not in self.responses:
            raise WordingError(
                f"no answer named {name}: expected one under data/answers/{self.programme}/{self.language}/"
            )
        return self.responses[name]


def load(programme: str, language: str, folder: Path = ANSWERS) -> ResponseCatalog:
    """Read the answers of ``programme`` in ``language``; raise WordingError where there are none."""
    responses: dict[str, list[dict[str, Any]]] = {}
    for file in answer_files.read(programme, language, folder):
        responses |= file.responses
    prefix = response_name(programme, language, "")
    strangers = [name for name in responses if not name.startswith(prefix)]
    if strangers:
        raise WordingError(
            f"{strangers[0]} in {folder / programme / language}: expected a name that starts with {prefix}"
        )
    return ResponseCatalog(programme, language, responses)
