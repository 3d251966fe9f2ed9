"""How hard a text is to read: words a sentence, the Flesch-Kincaid grade, and which words are not everyday ones.

The grade is the American school year in which a text is understood: 0.39 words a sentence + 11.8 syllables a word
- 15.59. An item of a list is a sentence, and so are the words that lead up to the list. What stands in brackets counts:
it is read too. Numbers, times, telephone numbers and postcodes are read as signs: one word of one syllable each.
"""

import re
from functools import cache
from importlib import resources

EVERYDAY = 3000
"""So many of English's most frequent words are everyday words, with their endings."""
_SIGN = re.compile(r"\b(?:0\d[\d ]{6,}\d|\d{3} \d{3}|[A-Z]\d+ \d[A-Z]{2}|\d+(?:st|nd|rd|th|am|pm)?)\b")
_WORD = re.compile(r"[a-z]+(?:['’][a-z]+)?(?:-[a-z]+)*|#", re.I)
_ENDINGS = (("ies", "y"), ("ied", "y"), ("es", ""), ("s", ""), ("ed", ""), ("ed", "e"), ("ing", ""), ("ing", "e"), ("ly", ""), ("er", "e"), ("er", ""))  # fmt: skip


def sentences(text: str) -> list[str]:
    """Return the sentences of ``text``, its signs written as "#"."""
    plain = _SIGN.sub("#", text)
    parts = [part for line in plain.split("\n") for part in re.split(r"(?<=[.?!:)])\s+(?=[A-Z#(])", line)]
    return [part for part in parts if words(part)]


def words(text: str) -> list[str]:
    """Return the words of ``text`` in lower case; "#" for each sign."""
    return [word.lower() for word in _WORD.findall(_SIGN.sub("#", text))]


def longest(text: str) -> int:
    """Return how many words the longest sentence has."""
    return max(len(words(sentence)) for sentence in sentences(text))


def grade(text: str) -> float:
    """Return the Flesch-Kincaid grade."""
    found = words(text)
    return 0.39 * len(found) / len(sentences(text)) + 11.8 * sum(map(syllables, found)) / len(found) - 15.59


def syllables(word: str) -> int:
    """Return how many syllables a word has, by its groups of vowels: right for nine words of ten."""
    parts = re.split(r"[-'’]", word)
    return max(1, sum(_syllables(part) for part in parts if len(part) > 2) or len(parts))


def _syllables(word: str) -> int:
    stem = re.sub(r"(?<=[^aeiouyl])e(?=ments?$|ful$|less$|ly$)", "", word)
    stem = re.sub(r"(?:[^aeiouydst]ed|[^aeiouyszxcg]es|[^aeiouyl]e|[aeiouy]le|[aeiouy]led)$", "#", stem)
    stem = re.sub(r"(?<=[td])ed$", "-e", stem)
    return max(1, len(re.findall(r"[aeiouy]+", stem)) + len(re.findall(r"[aeou]ing|ia|io(?!n)|iu|eo(?!p)|uou", stem)))


def everyday(word: str) -> bool:
    """Tell whether a word, or the word that it is a form of, is among the most frequent ones."""
    known = _frequent()
    stems = [word, re.sub(r"['’](?:s|t|ll|re|ve|m|d)$", "", word)]
    stems += [word.removesuffix(end) + put for end, put in _ENDINGS if word.endswith(end)]
    stems += [stem[:-1] for stem in stems if re.search(r"([bdgmnprt])\1$", stem)]
    return (
        word == "#"
        or all(part in known or len(part) < 3 for part in word.split("-"))
        or any(stem in known for stem in stems)
    )


@cache
def _frequent() -> frozenset[str]:
    """Read the most frequent words from the list that spelling correction uses, which is in their order."""
    file = resources.files("symspellpy") / "frequency_dictionary_en_82_765.txt"
    counted = [line.split() for line in file.read_text("utf-8-sig").splitlines()]
    ordered = sorted(counted, key=lambda pair: -int(pair[1]))
    return frozenset(word for word, _ in ordered[:EVERYDAY])
