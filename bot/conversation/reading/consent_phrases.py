"""What a message says about being written to: read from its plain words, before any model sees it.

The words are in data/dialogue/consent.yml. A word like STOP that is alone or first stops at once; a sentence that
wishes to go on never stops anything; what may be either is asked about.
"""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from bot.conversation.reading.greetings import Around
from bot.conversation.reading.phrases import Phrases
from bot.conversation.reading.plain_words import clauses, plain
from bot.conversation.reading.stop_objects import Naming
from bot.conversation.reading.wishes import Wish
from bot.conversation.reading.wrong_number import WrongNumber
from bot.settings import ROOT
from bot.text.clean import clean
from bot.text.normalise import WordListError

FILE = ROOT / "data" / "dialogue" / "consent.yml"
_LONG = 12
"""Words behind a STOP at the beginning that do not name messages: of more than these the sense is left to be found."""
_START_WITH = 6
_OF_STARTING = 8
_NAME = 2
"""Words of a part behind START that is taken for a name or thanks."""
_VERBS = "send|sending|text|texting|txting|message|messaging|msging|write|writing|remind"
_STOPPING = (
    "stop|stopping|end|ending|quit|cancel|unsubscribe|unsubscribe me|opt out|opt me out|turn off|switch off|stop all"
)
_ASKING = re.compile(r"\b(?:stop|quit|cease|end|pack in|turn off|switch off|discontinue|cancel)\b")


class ConsentReader:
    """Reads wishes. Build it once (:func:`load`): it compiles the lists."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        """Take the mapping of the file."""
        for name, words in given.items():
            if any(not isinstance(word, str) for word in words if isinstance(words, list)):
                raise WordListError(f"{name} in {FILE.name}: expected text, with quotes around yes, no, on and off")
        self._sure, self._stop, self._end = (frozenset(given["stop"][kind]) for kind in ("sure", "stop", "end"))
        self._cancel, self._who = frozenset(given["cancel"]), frozenset(given["who"])
        self._start, self._start_with = frozenset(given["start"]), frozenset(given["start_with"])
        stops = (given["stop"]["sure"], given["stop"]["stop"], given["stop"]["end"])
        self._sure_first, self._stop_first, self._end_first = map(Phrases, stops)
        self._cancel_first, self._start_first = Phrases(given["cancel"]), Phrases(given["start"])
        self._leave_alone, self._unsure = frozenset(given["leave_alone"]), frozenset(given["unsure"])
        self._objects, self._not_objects = frozenset(given["objects"]), tuple(given["not_objects"])
        self._other_sentence, self._helpline = tuple(given["other_sentence"]), tuple(given["helpline"])
        self._no_last_stop, self._it_goes_on = frozenset(given["no_last_stop"]), re.compile(given["it_goes_on"])
        self._condition, self._question = re.compile(given["condition"]), re.compile(given["question"])
        self._starting = re.compile(given["of_starting"])
        self._around, self._naming, self._wrong_number = Around(given), Naming(given), WrongNumber(given)
        names = {"noun": "|".join(given["nouns"]), "plural": "|".join(self._naming.several)}
        names |= {"verb": _VERBS, "stop": _STOPPING}
        self._go_on = _any_of(line.format(**names) for line in given["go_on"])
        self._no_more = _any_of(line.format(**names) for line in given["no_more"])

    def read(self, text: str) -> Wish:
        """Return what ``text``, as it was written, says about being written to."""
        text = self._around.unsigned(text)
        words, parts = plain(text), clauses(text)
        if not words:
            return Wish.NONE
        asks = clean(text).endswith("?")
        alone, wrong = self._around.bare(words), self._wrong_number.in_words(words) or self._wrong_number.in_text(text)
        return (
            self._word(words, alone)
            or self._started(parts, alone, asks=asks)
            or (Wish.GO_ON if any(map(self._go_on.search, (words, *parts))) else None)
            or self._stopped(words, parts, asks=asks)
            or (Wish.CONFIRM if alone in self._unsure or words in self._unsure else None)
            or (Wish.WRONG_NUMBER if wrong else Wish.NONE)
        )

    def of_starting(self, text: str) -> bool:
        """Tell whether somebody who gets no messages writes of having them again."""
        words = plain(text)
        short = len(words.split()) <= _OF_STARTING
        return self.read(text) in (Wish.GO_ON, Wish.START_SAID) or (short and bool(self._starting.search(words)))

    def goes_on(self, text: str) -> bool:
        """Tell whether ``text`` wishes to have messages, in words that can mean nothing else."""
        return bool(self._go_on.search(plain(text)))

    def _word(self, words: str, alone: str) -> Wish | None:
        if words in self._who:
            return Wish.WHO
        if alone in self._cancel:
            return Wish.CANCEL
        return Wish.START if words in self._start else None

    def _started(self, parts: list[str], alone: str, *, asks: bool) -> Wish | None:
        if alone in self._start and not asks:
            return Wish.START
        if self._starts_and_signs(parts) and not asks:
            return Wish.START_SAID
        first = self._start_first.at_start(alone)
        rest = alone[len(first) :].split() if first else []
        if rest and len(rest) <= _START_WITH and all(word in self._start_with for word in rest):
            return Wish.START_SAID
        return None

    def _starts_and_signs(self, parts: list[str]) -> bool:
        """Tell whether a word like START is the first part of a message, with thanks or a name behind it."""
        first, *others = parts or [""]
        if (
            self._around.bare(first) not in self._start
            or {word for part in others for word in part.split()} & self._stop
        ):
            return False
        return all(len(part.split()) <= _NAME for part in others)

    def _stopped(self, words: str, parts: list[str], *, asks: bool) -> Wish | None:
        if words.replace(" ", "") in self._stop:
            return Wish.STOP
        first_is_stop = self._first_is_stop(words, parts)
        if self._around.bare(words) in self._leave_alone or first_is_stop is True:
            return Wish.STOP
        if first_is_stop is None:
            return Wish.CONFIRM
        wrong = self._wrong_number.in_words(words)
        if wrong and any(word in words.split() for word in (*self._stop, *self._sure)):
            return Wish.STOP
        if self._one_part_is_stop(parts) or (not asks and self._last_is_stop(words, parts)):
            return Wish.STOP
        return self._asked_for(words)

    def _first_is_stop(self, words: str, parts: list[str]) -> bool | None:
        """Tell whether a word like STOP stands first and is meant as one; None where that is to be asked."""
        rest = self._around.behind(words, self._sure_first)
        if rest is not None:
            return not rest.startswith(("of the ", "of this ", "of my ")) or self._naming.names_messages(rest)
        behind = [parts[0]] if parts else []
        if behind and self._around.bare(behind[0]) in self._stop | self._end:
            return True
        rest = self._around.behind(words, self._stop_first)
        if rest is not None:
            return self._stop_and(rest, words)
        rest = self._around.behind(words, self._end_first)
        if rest is None:
            rest = self._around.behind(words, self._cancel_first)
            return rest is not None and self._naming.names_messages(rest) and not self._condition.search(rest)
        return self._naming.names_messages(rest) or any(
            f"{rest} ".startswith(f"{word} ") for word in self._other_sentence
        )

    def _stop_and(self, rest: str, words: str) -> bool | None:
        """Tell whether STOP is meant, where ``rest`` follows it."""
        following = rest.split()
        if not following:
            return True
        if any(words.startswith(name) or f" {name} " in f" {words} " for name in self._helpline):
            return None if self._around.bare(words) in self._unsure else False
        if self._around.bare(words) in self._unsure:
            return None
        if rest.startswith(self._not_objects) or self._naming.names_messages(rest):
            return True
        if self._it_goes_on.search(rest) or following[0] in self._objects or self._naming.is_doing(following[0]):
            return False
        return len(following) <= _LONG

    def _one_part_is_stop(self, parts: list[str]) -> bool:
        """Tell whether a word like STOP is one part of the message, and the others say nothing else."""
        bare = [self._around.bare(part) for part in parts]
        stops = [part in self._stop | self._sure for part in bare]
        return any(stops) and all(
            stop or part in self._leave_alone or self._wrong_number.in_words(part) or self._says_little(part)
            for stop, part in zip(stops, bare, strict=True)
        )

    def _last_is_stop(self, words: str, parts: list[str]) -> bool:
        """Tell whether a short message ends with STOP, and not with a sentence about stopping ("make it stop")."""
        *before, last = words.split()
        if last not in self._stop or not 0 < len(before) <= _LONG:
            return False
        if parts and self._around.bare(parts[-1]) in self._stop and parts[-1] != words:
            return True
        return before[-1] not in self._no_last_stop and not self._question.search(" ".join(before))

    def _says_little(self, part: str) -> bool:
        return len(part.split()) <= 1 or bool(set(part.split()) & self._naming.nouns)

    def _asked_for(self, words: str) -> Wish | None:
        """Find "please stop texting me" and "no more messages" anywhere; what has a condition is asked about."""
        found = self._no_more.search(words) or next((m for m in _ASKING.finditer(words) if self._asks(words, m)), None)
        if not found:
            return None
        before, behind = words[: found.start()], words[found.start() :]
        return Wish.CONFIRM if self._question.search(before) or self._condition.search(behind) else Wish.STOP

    def _asks(self, words: str, found: "re.Match[str]") -> bool:
        behind = words[found.end() :].strip()
        return self._naming.names_messages(behind) and self._naming.is_asked(words[: found.start()], behind)


def _any_of(lines: Iterable[str]) -> "re.Pattern[str]":
    return re.compile("|".join(f"(?:{line})" for line in lines))


def load(file: Path = FILE) -> ConsentReader:
    """Read ``file``."""
    return ConsentReader(yaml.safe_load(file.read_text("utf-8")))
