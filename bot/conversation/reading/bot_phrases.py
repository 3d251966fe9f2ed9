"""What the bot itself says: a quotation of it is nobody's cry for help."""

import re
from collections.abc import Mapping

from bot.messages import ReplyFormat
from bot.replies.wording import ResponseCatalog
from bot.text.clean import clean

_LEAST = 8
"""Letters of a quotation that has to be recognised: telephones cut long ones."""
_WORD = re.compile(r"[a-z0-9]+")


class OwnWords:
    """Recognises the bot's fixed sentences, also a part of them. Build it once: it goes through every wording."""

    def __init__(self, catalog: ResponseCatalog, values: Mapping[str, str]) -> None:
        """Take the wording, and the ``values`` that fill its placeholders."""
        texts = {catalog.text(topic, form, **values) for topic in catalog.topics() for form in ReplyFormat}
        self._whole = "\n".join(f" {_words(text)} " for text in sorted(texts))

    def said(self, quotation: str) -> bool:
        """Tell whether the bot says ``quotation``, whole or from the beginning of a word on."""
        words = _words(quotation)
        return len(words) >= _LEAST and f" {words}" in self._whole


def _words(text: str) -> str:
    return " ".join(_WORD.findall(clean(text).lower().replace("'", "")))
