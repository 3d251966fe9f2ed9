"""Tables as CSV files, in which no spreadsheet takes a text for a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

from starlette.responses import Response


def file(name: str, rows: Iterable[Sequence[object]]) -> Response:
    """Return ``rows`` as a file called ``name``."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text.getvalue(), media_type="text/csv", headers=headers)


def _plain(cell: object) -> object:
    is_formula = isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    return f"'{cell}" if is_formula else cell
