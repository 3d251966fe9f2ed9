"""Where a quotation of a row that cannot be read began: what was forgotten is often far above where it shows."""

EXPECTED = "is a quotation mark missing? A text with quotation marks has one at each end, and those inside it twice"
FAULT = (
    f"a quotation begins in this line that does not end where it should, so nothing from here on was read: {EXPECTED}"
)


def opened(text: str, delimiter: str) -> int:
    """Return in which line of ``text``, from 0, the quotation began that is not closed, or not at the end of a cell."""
    line = began = 0
    is_quoted, at_start, index = False, True, 0
    while index < len(text):
        character = text[index]
        if is_quoted and character == '"' and text[index + 1 : index + 2] == '"':
            index += 1
        elif is_quoted and character == '"':
            if text[index + 1 : index + 2] not in ("", delimiter, "\r", "\n"):
                return began
            is_quoted = False
        elif not is_quoted and at_start and character == '"':
            is_quoted, began = True, line
        at_start = not is_quoted and (character in (delimiter, "\n", "\r") or (at_start and character == " "))
        line += character == "\n" or (character == "\r" and text[index + 1 : index + 2] != "\n")
        index += 1
    return began if is_quoted else 0
