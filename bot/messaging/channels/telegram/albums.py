"""Albums: several pictures sent as one, each an update of its own, of which at most one carries words."""

from cachetools import FIFOCache
from telegram import Message

from bot.messages import Arrival

_REMEMBERED = 1000


class Albums:
    """Remembers which albums had words, so that their pictures are not answered as well."""

    def __init__(self) -> None:
        """Start with none."""
        self._with_words: FIFOCache[str, bool] = FIFOCache(_REMEMBERED)

    def has_words(self, message: Message | None, found: Arrival) -> bool:
        """Tell whether ``found`` is a picture without words of an album whose words have come."""
        album = message.media_group_id if message else None
        if not album:
            return False
        if found.text is None:
            return album in self._with_words
        self._with_words[album] = True
        return False
