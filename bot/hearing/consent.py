"""What a message says about being written to: read from its plain words, before any model sees it.

The words are in data/dialogue/consent.yml. A word like STOP that is alone or first stops at once; a sentence that
wishes to go on never stops anything; what may be either is asked about.
"""

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml

from bot.hearing.words import clauses, plain
from bot.settings import ROOT
from bot.text.clean import clean
from bot.text.normalise import WordListError

FILE = ROOT / "data" / "dialogue" / "consent.yml"
_LONG = 12
"""Words behind a STOP at the beginning that do not name messages: of more than these the sense is left to be found."""
_START_WITH = 6
_OF_STARTING = 8
_VERBS = "send|sending|text|texting|txting|message|messaging|msging|write|writing|remind"
_STOPPING = (
    "stop|stopping|end|ending|quit|cancel|unsubscribe|unsubscribe me|opt out|opt me out|turn off|switch off|stop all"
)
_ASKING = re.compile(r"\b(?:stop|quit|cease|end|pack in|turn off|switch off|discontinue|cancel)\b")


class Wish(StrEnum):
    """What somebody says about being written to."""

    NONE = "none"
    STOP = "stop"
    CANCEL = "cancel"
    """Stops what was begun; where nothing was, messages."""
    CONFIRM = "confirm"
    """Perhaps a wish to stop: to be asked about."""
    START = "start"
    START_SAID = "start_said"
    """Starts, for somebody who had stopped; for anybody else the words may be about something else."""
    GO_ON = "go_on"
    """Wishes to go on or to have messages again: nothing in it ever stops."""
    WRONG_NUMBER = "wrong_number"
    WHO = "who"


class Consent:
    """Reads wishes. Build it once (:func:`load`): it compiles the lists."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        """Take the mapping of the file."""
        for name, words in given.items():
            if any(not isinstance(word, str) for word in words if isinstance(words, list)):
                raise WordListError(f"{name} in {FILE.name}: expected text, with quotes around yes, no, on and off")
        self._sure, self._stop, self._end = (frozenset(given["stop"][kind]) for kind in ("sure", "stop", "end"))
        self._cancel, self._who = frozenset(given["cancel"]), frozenset(given["who"])
        self._start, self._start_with = _longest_first(given["start"]), frozenset(given["start_with"])
        self._leave_alone, self._unsure = frozenset(given["leave_alone"]), frozenset(given["unsure"])
        self._openers, self._closers = _longest_first(given["openers"]), _longest_first(given["closers"])
        self._nouns, self._gerunds = frozenset(given["nouns"]), frozenset(given["gerunds"])
        self._calling, self._about_me = frozenset(given["calling"]), tuple(given["about_me"])
        self._objects, self._not_objects = frozenset(given["objects"]), tuple(given["not_objects"])
        self._other_sentence, self._helpline = tuple(given["other_sentence"]), tuple(given["helpline"])
        self._not_doing = frozenset(given["not_doing"])
        several = [noun for noun in given["nouns"] if noun.endswith("s") or noun in given["several"]]
        names = {"noun": "|".join(given["nouns"]), "plural": "|".join(several), "verb": _VERBS, "stop": _STOPPING}
        self._go_on = _any_of(line.format(**names) for line in given["go_on"])
        self._no_more = _any_of(line.format(**names) for line in given["no_more"])
        self._wrong_number, self._not_wrong = _any_of(given["wrong_number"]), re.compile(given["not_wrong_number"])
        self._condition, self._question = re.compile(given["condition"]), re.compile(given["question"])
        self._oneself, self._of_you = re.compile(given["oneself"]), re.compile(given["asked_of_you"])
        self._no_last_stop = frozenset(given["no_last_stop"])
        self._it_goes_on, self._not_the_name = re.compile(given["it_goes_on"]), re.compile(given["not_the_name"])
        self._starting = re.compile(given["of_starting"])
        self._signatures = [re.compile(line, re.IGNORECASE) for line in given["signatures"]]

    def read(self, text: str) -> Wish:
        """Return what ``text``, as it was written, says about being written to."""
        text = self._unsigned(text)
        words, parts = plain(text), clauses(text)
        if not words:
            return Wish.NONE
        asks = clean(text).endswith("?")
        alone, wrong = self._bare(words), self._is_wrong_number(words) or bool(self._not_the_name.search(clean(text)))
        return (
            self._word(words, alone)
            or self._started(words, alone, asks=asks)
            or (Wish.GO_ON if self._go_on.search(words) else None)
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

    def _started(self, words: str, alone: str, *, asks: bool) -> Wish | None:
        if alone in self._start and not asks:
            return Wish.START
        first = next((start for start in self._start if f"{alone} ".startswith(f"{start} ")), None)
        rest = alone[len(first) :].split() if first else []
        if rest and len(rest) <= _START_WITH and all(word in self._start_with for word in rest):
            return Wish.START_SAID
        return None

    def _stopped(self, words: str, parts: list[str], *, asks: bool) -> Wish | None:
        if self._bare(words) in self._leave_alone or self._first_is_stop(words, parts) is True:
            return Wish.STOP
        if self._first_is_stop(words, parts) is None:
            return Wish.CONFIRM
        wrong = self._is_wrong_number(words)
        if wrong and any(word in words.split() for word in (*self._stop, *self._sure)):
            return Wish.STOP
        if self._one_part_is_stop(parts) or (not asks and self._last_is_stop(words, parts)):
            return Wish.STOP
        return self._asked_for(words)

    def _first_is_stop(self, words: str, parts: list[str]) -> bool | None:
        """Tell whether a word like STOP stands first and is meant as one; None where that is to be asked."""
        rest = self._behind(words, self._sure)
        if rest is not None:
            return not rest.startswith(("of the ", "of this ", "of my ")) or self._names_messages(rest)
        behind = [parts[0]] if parts else []
        if behind and self._bare(behind[0]) in self._stop | self._end:
            return True
        rest = self._behind(words, self._stop)
        if rest is not None:
            return self._stop_and(rest, words)
        rest = self._behind(words, self._end)
        if rest is None:
            rest = self._behind(words, self._cancel)
            return rest is not None and self._names_messages(rest) and not self._condition.search(rest)
        return self._names_messages(rest) or any(f"{rest} ".startswith(f"{word} ") for word in self._other_sentence)

    def _stop_and(self, rest: str, words: str) -> bool | None:
        """Tell whether STOP is meant, where ``rest`` follows it."""
        following = rest.split()
        if any(words.startswith(name) or f" {name} " in f" {words} " for name in self._helpline):
            return None if self._bare(words) in self._unsure else False
        if self._bare(words) in self._unsure:
            return None
        if rest.startswith(self._not_objects) or self._names_messages(rest):
            return True
        if self._it_goes_on.search(rest) or following[0] in self._objects or self._is_doing(following[0]):
            return False
        return len(following) <= _LONG

    def _one_part_is_stop(self, parts: list[str]) -> bool:
        """Tell whether a word like STOP is one part of the message, and the others say nothing else."""
        bare = [self._bare(part) for part in parts]
        stops = [part in self._stop | self._sure for part in bare]
        return any(stops) and all(
            stop or part in self._leave_alone or self._is_wrong_number(part) or self._says_little(part)
            for stop, part in zip(stops, bare, strict=True)
        )

    def _last_is_stop(self, words: str, parts: list[str]) -> bool:
        """Tell whether a short message ends with STOP, and not with a sentence about stopping ("make it stop")."""
        *before, last = words.split()
        if last not in self._stop or not 0 < len(before) <= _LONG:
            return False
        if self._bare(parts[-1]) in self._stop and parts[-1] != words:
            return True
        return before[-1] not in self._no_last_stop and not self._question.search(" ".join(before))

    def _says_little(self, part: str) -> bool:
        return len(part.split()) <= 1 or bool(set(part.split()) & self._nouns)

    def _asked_for(self, words: str) -> Wish | None:
        """Find "please stop texting me" and "no more messages" anywhere; what has a condition is asked about."""
        found = self._no_more.search(words) or next((m for m in _ASKING.finditer(words) if self._asks(words, m)), None)
        if not found:
            return None
        before, behind = words[: found.start()], words[found.start() :]
        return Wish.CONFIRM if self._question.search(before) or self._condition.search(behind) else Wish.STOP

    def _asks(self, words: str, found: "re.Match[str]") -> bool:
        behind = words[found.end() :].strip()
        return self._names_messages(behind) and self._is_asked(words[: found.start()], behind)

    def _is_asked(self, before: str, behind: str) -> bool:
        """Tell whether it is the bot that is to stop, and not the person who means to stop something."""
        if not self._oneself.search(before) or self._of_you.search(before):
            return True
        first = behind.split()[0]
        return first in ("getting", "receiving") or first not in self._gerunds | self._calling

    def _names_messages(self, rest: str) -> bool:
        """Tell whether the words behind STOP soon name messages, or the sending of them to oneself."""
        following = rest.split()
        for place, word in enumerate(following[:6]):
            after = " ".join(following[place + 1 :])
            if word in self._gerunds and self._about(after):
                return True
            if word in self._calling and (not after or after.startswith(("me", "us", "this", "these", "those", "any"))):
                return not re.match(r"(?:me|us) (?:to|there|home|back|in) ", f"{after} ")
            if word in self._nouns - self._gerunds:
                return not re.match(r"(?:to|from) (?!me|us|you|this|here)", after)
        return False

    def _is_doing(self, word: str) -> bool:
        """Tell whether ``word`` is a verb in -ing or -in, which makes STOP the verb of another sentence."""
        shaped = len(word) >= 4 and word.endswith(("ing", "in")) and not word.endswith(("thing", "evening", "morning"))
        return shaped and word not in self._not_doing

    def _about(self, after: str) -> bool:
        return not after or any(f"{after} ".startswith(f"{word} ") for word in self._about_me)

    def _is_wrong_number(self, words: str) -> bool:
        return bool(self._wrong_number.search(words)) and not self._not_wrong.search(words)

    def _behind(self, words: str, first: Iterable[str]) -> str | None:
        """Return what follows one of ``first`` at the start of ``words``, openers aside; None where none is there."""
        for opened in (words, self._without_openers(words)):
            for word in sorted(first, key=len, reverse=True):
                if f"{opened} ".startswith(f"{word} "):
                    return opened[len(word) :].strip()
        return None

    def _bare(self, words: str) -> str:
        """Return ``words`` without what only stands around them."""
        return _cut(self._without_openers(words), self._closers, at_end=True) or words

    def _without_openers(self, words: str) -> str:
        return _cut(words, self._openers, at_end=False)

    def _unsigned(self, text: str) -> str:
        for signature in self._signatures:
            text = signature.sub("\n", text.rstrip())
        return text


def _cut(words: str, phrases: Iterable[str], *, at_end: bool) -> str:
    """Return ``words`` without any of ``phrases`` at the start, or at the end."""
    phrases = tuple(phrases)
    while True:
        if at_end:
            found = next((p for p in phrases if words.endswith(f" {p}")), None)
        else:
            found = next((p for p in phrases if words.startswith(f"{p} ")), None)
        if found is None:
            return words
        words = words[: -len(found) - 1] if at_end else words[len(found) + 1 :]


def _longest_first(phrases: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(map(str, phrases), key=len, reverse=True))


def _any_of(lines: Iterable[str]) -> "re.Pattern[str]":
    return re.compile("|".join(f"(?:{line})" for line in lines))


def load(file: Path = FILE) -> Consent:
    """Read ``file``."""
    return Consent(yaml.safe_load(file.read_text("utf-8")))
