"""Whether words look back or ahead: "I missed Tuesday" is about the last one, "I can't come on Tuesday" about the next.

All of it reads normalised text: lower case, "did not" for "didnt".
"""

import re

_INTENDED = "going|meant|supposed|wondering|hoping|thinking|told|due|planning|about|asking|asked|looking|trying"
_BACK = re.compile(
    r"\b(?:"
    r"missed|forgot|overslept|slept|attended|came|went|happened|"
    rf"(?:was|were)(?! (?:{_INTENDED})\b)(?: not)?|(?<!thought )it was|"
    r"did not(?! (?:know|realise|think|want|mean)\b)|did (?:i|we|he|she|they|anyone|it)|did you(?! (?:get|see|read|receive)\b)|"
    r"could not|had to|had (?:a|an|my) (?:\w+ )?(?:appointment|funeral|interview|shift|accident|fall|meeting|hearing|emergency)|"
    r"never (?:made|came|went|got|turned|showed|attended|been)|have not been|turned up|got stuck|got held up|"
    r"(?:sorry|apologies|apologise|apologize) (?:for|about)"
    r")\b"
)
_AHEAD = re.compile(
    r"\b(?:can|could(?! not)|will|would|might|may|shall|should|must|going to|"
    r"am(?! (?:so |really |very )?sorry)|is|are|do|does|have to|need to|want to|got to)\b"
)
_COMES = re.compile(
    r"\b(?:can|will|could|am able to|should|am)(?: (?:still|definitely|probably|be able to|just|also))?"
    r" (?:come|make|be|do|attend|coming|there|get|manage)\b"
)
_NOT = re.compile(
    r"\b(?:can|could|will|would|am|do|does|did|might|may|should|is|are) not\b|\b(?:miss|missing|unable|away|off)\b"
)


def looks_back(words: str, place: int) -> bool:
    """Tell whether what stands at ``place`` of ``words`` is spoken of as past: by the nearest verb before, else after."""
    marks = [(m.start(), True) for m in _BACK.finditer(words)] + [(m.start(), False) for m in _AHEAD.finditer(words)]
    marks = [mark for mark in marks if not _within(mark, marks)]
    before = [mark for mark in marks if mark[0] < place]
    after = [mark for mark in marks if mark[0] >= place]
    nearest = max(before, default=None) or min(after, default=None)
    return nearest is not None and nearest[1]


def comes(words: str, place: int) -> bool:
    """Tell whether the words before ``place`` say that somebody comes ("but I can make the 8th")."""
    yes = [m.start() for m in _COMES.finditer(words[:place])]
    no = [m.start() for m in _NOT.finditer(words[:place])]
    return bool(yes) and max(yes) > max(no, default=-1)


def stays_away(words: str) -> bool:
    """Tell whether anything in ``words`` says that somebody does not come."""
    return bool(_NOT.search(words))


def _within(mark: tuple[int, bool], marks: list[tuple[int, bool]]) -> bool:
    """Leave out "is" and the like where it begins a verb that looks back at the same place."""
    return not mark[1] and (mark[0], True) in marks
