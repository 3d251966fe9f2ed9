"""Whether words look back or ahead: "I missed Tuesday" is about the last one, "I can't come on Tuesday" about the next.

All of it reads normalised text: lower case, "did not" for "didnt".
"""

import re

_INTENDED = "going|meant|supposed|wondering|hoping|thinking|told|due|planning|about|asking|asked|looking|trying"
_BACK = re.compile(
    r"\b(?:"
    r"missed|failed|forgot|forgotten|overslept|slept|attended|came|went|happened|skipped|bunked|turned up|no showed|"
    r"left (?:early|before)|never \w+ed|"
    rf"(?<!thought it )(?<!told it )(?<!said it )(?:was|were)(?! (?:{_INTENDED})\b)(?: not)?|"
    r"did not(?! (?:realise|think|want|mean)\b)|did (?:i|we|he|she|they|anyone|it)|"
    r"did you(?! (?:get|see|read|receive)\b)|could not|(?:should|could|would) (?:have|of|been)|"
    r"had(?! (?:better|enough|a (?:letter|text|message|call|email))\b)|"
    r"never (?:made|came|went|got|been)|have not been|got (?:stuck|held|locked|lost|called|delayed|arrested|nicked)|"
    r"(?:sorry|apologies|apologise|apologize|my bad) (?:for|about)"
    r"(?!.*\b(?:can|will|may|might|am|could) not\b|.*going to\b)"
    r")\b"
)
_CAME_TO_NOTHING = re.compile(
    r"\b(?:was|were) (?:meant|supposed|due) to\b.*\b(?:but|only|then|and)\b"
    r"(?!.*\b(?:can|will|am|do|does|might|may) not\b|.*\b(?:going|have|has|need) to\b)"
)
"""What was to be and was not: "I was meant to come on Tuesday but the car broke down"."""
_AHEAD = re.compile(
    r"\b(?:can|will|might|may|shall|must|going to|could(?! not| have| of| been)|(?:would|should)(?! have| of| been)|"
    r"am(?! (?:so |really |very )?sorry)|is|are|do(?= (?:i|we|you|they|not)\b)|does|have to|need to|want to|have got)\b"
)
_NOT_YET = re.compile(
    r"\b(?:can|will|may|might|am|do|does|could(?! not (?:come|make|get|be|attend))) not\b|\b(?:going to|will)\b"
)
_COMES = re.compile(
    r"\b(?:can|will|could|am able to|should|am)(?: (?:still|definitely|probably|be able to|just|also))?"
    r" (?:come|make|be|do|attend|coming|there|get|manage)\b"
    r"|\bill (?:be (?:there|in)|come|make)\b|\bbut(?: i)? (?:can|will)\b(?! not)"
)
_SUITS = re.compile(
    r"(?:(?!(?:and|or|but|not|nor)\b)[\w'-]+ ){1,4}"
    r"(?:(?:is|are|will be|would be|should be) (?:still |all |also |absolutely |totally )?"
    r"(?:fine|ok|okay|good|alright|all right|great|no problem|doable|possible)\b"
    r"|(?:works|suits)\b|i am (?:fine|ok|okay|free|good)(?: for| on)?(?= ?[.,!?]|$)"
    r"|i (?:can|will)(?: still| definitely| also)?(?: (?:come|attend|manage|do|do it|make it|be there|be in))?"
    r"(?= ?[.,!?]|$))"
)
"""What stands from a day on that suits somebody: "Monday is fine", "Monday I can"."""
_NOT = re.compile(
    r"\b(?:can|could|will|would|am|do|does|did|might|may|should|is|are) not\b"
    r"|\b(?:miss|missing|unable|not able|away|off)\b"
)


def looks_back(words: str, place: int) -> bool:
    """Tell whether what stands at ``place`` is spoken of as past: by the nearest verb before it, else after it."""
    marks = [(m.start(), True) for m in _BACK.finditer(words)] + [(m.start(), False) for m in _AHEAD.finditer(words)]
    marks += [(m.start(), True) for m in _CAME_TO_NOTHING.finditer(words)]
    marks = [mark for mark in marks if not _within(mark, marks)]
    before = [mark for mark in marks if mark[0] < place]
    after = [mark for mark in marks if mark[0] >= place]
    nearest = max(before, default=None) or min(after, default=None)
    return nearest is not None and nearest[1]


def wholly_past(words: str) -> bool:
    """Tell whether ``words``, in which no day is named, speak of what is past and of nothing to come."""
    return bool(_BACK.search(words)) and not _NOT_YET.search(words)


def comes(words: str, place: int) -> bool:
    """Tell whether the words around ``place`` say that somebody comes ("but I can make the 8th", "the 8th is fine")."""
    if _SUITS.match(words[place:]):
        return True
    yes = [m.start() for m in _COMES.finditer(words[:place])]
    no = [m.start() for m in _NOT.finditer(words[:place])]
    return bool(yes) and max(yes) > max(no, default=-1)


def stays_away(words: str) -> bool:
    """Tell whether anything in ``words`` says that somebody does not come."""
    return bool(_NOT.search(words))


def _within(mark: tuple[int, bool], marks: list[tuple[int, bool]]) -> bool:
    """Leave out "is" and the like where it begins a verb that looks back at the same place."""
    return not mark[1] and (mark[0], True) in marks
