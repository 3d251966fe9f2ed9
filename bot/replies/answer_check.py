"""What is missing or wrong in the answers: each is held against its topic, the leaflet's claims and its wordings."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.messages import ReplyFormat
from bot.replies import answer_files, gsm, source
from bot.replies.answer_files import ANSWERS, LEAFLET, AnswerFile, AnswerSource
from bot.replies.wording import response_name
from bot.topics.question_check import PLACEHOLDER, Violation
from bot.topics.registry import Topic, TopicRole, registry

MOST_PARTS = 3
"""Parts of a text message: an answer is read on a small screen, and each part is paid for."""
_SOURCES = {TopicRole.LEAFLET: AnswerSource.LEAFLET, TopicRole.RECORD: AnswerSource.RECORD}
"""What answers of a role come from; all others come from the service."""
_OWN_WORDINGS = {AnswerSource.LEAFLET: (ReplyFormat.SMS, ReplyFormat.EASY)}
"""The wordings that an answer needs beside the one for the screen; others need easy words."""


@dataclass(frozen=True)
class AnswerCheck:
    """Checks the answers of one programme in one language."""

    programme: str
    language: str
    answers: Path = ANSWERS
    leaflet: Path = LEAFLET

    def violations(self, topics: Collection[Topic] | None = None) -> list[Violation]:
        """Return what is wrong with the files and what is missing for ``topics``: those of the project if not given."""
        topics = registry() if topics is None else topics
        files = answer_files.read(self.programme, self.language, self.answers)
        having = {file.topic: file for file in files if not file.is_phrases}
        known = {topic.name: topic for topic in topics}
        found = [Violation(name, "its answer has no intent in domain.yml") for name in having if name not in known]
        for topic in topics:
            found += [Violation(topic.name, text) for text in self._about(topic, having.get(topic.name))]
        return found + [Violation(f.topic, text) for f in files if f.is_phrases for text in self._about_phrases(f)]

    def _about(self, topic: Topic, file: AnswerFile | None) -> Iterator[str]:
        if topic.role is TopicRole.DIALOGUE_ACT:
            if file:
                yield "a dialogue act has no answer of its own"
            return
        if file is None:
            yield f"no answer: expected data/answers/{self.programme}/{self.language}/{topic.name}.yml"
            return
        name = response_name(self.programme, self.language, topic.name)
        if list(file.responses) != [name]:
            yield f"the answer holds {', '.join(file.responses) or 'no response'}; expected {name} and no other"
            return
        yield from self._about_answer(topic, file, file.responses[name])

    def _about_answer(self, topic: Topic, file: AnswerFile, wordings: list[dict[str, Any]]) -> Iterator[str]:
        expected = _SOURCES.get(topic.role, AnswerSource.SERVICE)
        if file.source != expected:
            yield f"source is {file.source!r}; expected {expected.value!r}, for its role is {topic.role.value!r}"
        yield from _about_title(topic, wordings[0].get("metadata") or {})
        yield from _about_wordings(wordings, expected)
        if expected is AnswerSource.LEAFLET:
            yield from self._about_claims(file, wordings)
        else:
            yield from _states_nothing(file, wordings)

    def _about_phrases(self, file: AnswerFile) -> Iterator[str]:
        """Check sentences that answer no topic: what the leaflet says stands alone in its file, with its claims."""
        if file.source not in list(AnswerSource):
            yield f"source is {file.source!r}; expected one of {', '.join(AnswerSource)}"
        elif file.source != AnswerSource.LEAFLET:
            for wordings in file.responses.values():
                yield from _states_nothing(file, wordings)
        elif len(file.responses) != 1:
            yield f"its source is the leaflet, and it holds {len(file.responses)} responses; expected one"
        else:
            for wordings in file.responses.values():
                yield from _about_wordings(wordings, AnswerSource.LEAFLET)
                yield from self._about_claims(file, wordings)

    def _about_claims(self, file: AnswerFile, wordings: list[dict[str, Any]]) -> Iterator[str]:
        section = (wordings[0].get("metadata") or {}).get("section")
        if section not in (sections := answer_files.sections(self.programme, self.leaflet)):
            yield f"section is {section!r}; expected one of the leaflet's headings: {', '.join(sections)}"
        if not file.claims.get("required") or not file.easy_claims.get("required"):
            yield "no claims: expected what the leaflet says of it, under claims and easy_claims, each with `required`"
            return
        if len(file.claims["required"]) != len(file.easy_claims["required"]):
            yield "claims and easy_claims differ in number: expected the same ones, one for one"
        for wording in wordings:
            reply_format = ReplyFormat(wording.get("channel", ReplyFormat.SCREEN))
            claims = source.claims(file, reply_format, source.boilerplate(self.programme, reply_format, self.leaflet))
            for text in source.violations(str(wording["text"]), claims):
                yield (
                    f"the wording for {reply_format.value} {text}"
                    if "does not say" in text
                    else f"{reply_format}: {text}"
                )


def _about_title(topic: Topic, metadata: dict[str, Any]) -> Iterator[str]:
    title = metadata.get("title")
    if topic.role is TopicRole.LEAFLET and not title:
        yield "no title: expected how it is named where it is offered"
    if title and not topic.is_offered:
        yield "it has a title, and is never offered"
    if metadata.get("display_title") and not title:
        yield "it has a display_title and no title"


def _about_wordings(wordings: list[dict[str, Any]], expected: AnswerSource) -> Iterator[str]:
    texts = {w.get("channel", ReplyFormat.SCREEN.value): str(w.get("text", "")).strip() for w in wordings}
    needed = (ReplyFormat.SCREEN, *_OWN_WORDINGS.get(expected, (ReplyFormat.EASY,)))
    missing = [reply_format.value for reply_format in needed if not texts.get(reply_format.value)]
    if missing:
        yield f"no wording of its own for {', '.join(missing)}"
    if any(PLACEHOLDER in text for text in texts.values()):
        yield "a wording is still the placeholder TODO"
    sms = texts.get(ReplyFormat.SMS.value) or texts.get(ReplyFormat.SCREEN.value, "")
    if not gsm.is_gsm(sms) or gsm.parts(sms) > MOST_PARTS:
        yield f"its text message has letters that cost double, or is longer than {MOST_PARTS} parts"


def _states_nothing(file: AnswerFile, wordings: list[dict[str, Any]]) -> Iterator[str]:
    if file.claims or file.easy_claims or (wordings[0].get("metadata") or {}).get("section"):
        yield f"it has claims or a section of the leaflet, and its source is {file.source!r}"
