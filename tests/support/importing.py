"""Files to import: saved in the ways of spreadsheets, spoilt, and sent through the pages of staff."""

import csv
import io
import re

from sqlalchemy import func, select

from bot.database.metadata import metadata
from tests.support.staff_desk import form_token

GROUP = "group,option,venue,office\nEvening Z,evening,Room 1,\n"


def counts(record):
    with record.reading() as connection:
        return {
            name: connection.execute(select(func.count()).select_from(table)).scalar()
            for name, table in metadata.tables.items()
        }


def replace(folder, file, old, new):
    text = (folder / file).read_text("utf-8")
    assert old in text, f"{old!r} is not in {file}"
    (folder / file).write_text(text.replace(old, new, 1), "utf-8")


def saved_as(folder, name, change):
    """Have a file of the folder saved by ``change``, which makes its bytes from its rows."""
    with (folder / name).open(encoding="utf-8", newline="") as stream:
        content = change(list(csv.reader(stream)))
    (folder / name).write_bytes(content)


def written(rows, delimiter=",", end="\r\n"):
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator=end).writerows(rows)
    return text.getvalue()


def as_in_excel(cell):
    """A cell as Excel shows and saves it once it has opened an ISO time."""
    day, _, time = cell.partition("T")
    year, month, date = day.split("-")
    return f"{date}/{month}/{year} {time}"


AS_SAVED = {
    "CSV UTF-8": lambda rows: written(rows).encode("utf-8-sig"),
    "CSV on a Mac": lambda rows: written(rows, end="\r").encode(),
    "Unicode Text": lambda rows: written(rows, "\t").encode("utf-16"),
    "Unicode Text, big-endian": lambda rows: b"\xfe\xff" + written(rows, "\t").encode("utf-16-be"),
    "UTF-16 without a mark": lambda rows: written(rows, "\t").encode("utf-16-le"),
    "another country": lambda rows: written(rows, ";").encode("utf-8-sig"),
    "tabs": lambda rows: written(rows, "\t").encode(),
    "sep=;": lambda rows: ("sep=;\r\n" + written(rows, ";")).encode(),
    "sep=, of a row": lambda rows: ('"sep=,",,,\r\n' + written(rows)).encode(),
    "sep= and a tab": lambda rows: ("sep=\t\r\n" + written(rows, "\t")).encode("utf-8-sig"),
    "empty columns": lambda rows: written([[*row, "", ""] for row in rows]).encode(),
    "empty column in between": lambda rows: written([[row[0], "", *row[1:]] for row in rows]).encode(),
    "empty rows": lambda rows: written([[""] * 7, *rows, [""] * 7, []]).encode(),
    "empty cells beyond the header": lambda rows: written([rows[0], *([*row, ""] for row in rows[1:])]).encode(),
    "every cell in quotation marks": lambda rows: "\n".join(",".join(f'"{c}"' for c in row) for row in rows).encode(),
    "spaces after commas": lambda rows: "\n".join(", ".join(f'"{c}"' for c in row) for row in rows).encode(),
    "capitals in the header": lambda rows: written(
        [[c.title().replace("_", " ") for c in rows[0]], *rows[1:]]
    ).encode(),
}


def upload(visitor, files):
    token = form_token(visitor.get("/staff/import").text)
    sent = [
        ("files", (name, text if isinstance(text, bytes) else text.encode(), "text/csv"))
        for name, text in files.items()
    ]
    return visitor.client.post("/staff/import", data={"form_token": token}, files=sent)


def hidden(html):
    import html as entities

    found = re.findall(r'name="(file [^"]+|seal)" value="([^"]*)"', html)
    return {entities.unescape(name): entities.unescape(value) for name, value in found}
