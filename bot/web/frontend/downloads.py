"""Files that a browser downloads."""

from collections.abc import Iterable, Sequence

from starlette.responses import Response

from bot.replies import csv_tables


def csv_file(name: str, rows: Iterable[Sequence[object]]) -> Response:
    """Return ``rows`` as a CSV file called ``name``."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(csv_tables.write(rows), media_type="text/csv", headers=headers)
