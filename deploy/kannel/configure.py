"""Writes kannel.conf for one machine: fills in ports, passwords and addresses.

python deploy/kannel/configure.py FOLDER leafline=https://127.0.0.1:8000 token=… password=… [name=value …]
"""

import re
import secrets
import sys
from collections.abc import Mapping
from pathlib import Path

TEMPLATE = Path(__file__).with_name("kannel.conf")
DEFAULTS = {
    "admin_port": "13000",
    "smsbox_port": "13001",
    "sendsms_port": "13013",
    "smsc_port": "10000",
    "sender": "07700900000",
    "username": "leafline",
    "leafline": "http://127.0.0.1:8000",
}
_TOKEN = re.compile(r"[\w.~-]+", re.ASCII)
_VALUE = re.compile(r"[\w.:/@%+-]+")


def configure(folder: Path, given: Mapping[str, str]) -> Path:
    """Write ``folder``/kannel.conf, readable by its owner only, and the spool's folder; return the file."""
    values = DEFAULTS | {"folder": str(folder), "admin_password": secrets.token_urlsafe(16)} | dict(given)
    if not _TOKEN.fullmatch(values.get("token", "")):
        raise ValueError("expected a token of letters, digits and . _ ~ -")
    scheme, _, rest = values["leafline"].partition("://")
    values["leafline_with_token"] = f"{scheme}://kannel:{values['token']}@{rest}"
    text = TEMPLATE.read_text("utf-8")
    wanted = set(re.findall(r"\$\((\w+)\)", text))
    missing = wanted - values.keys()
    wrong = [name for name in wanted & values.keys() if not _VALUE.fullmatch(values[name])]
    if missing or wrong:
        raise ValueError(f"expected a value without spaces or quotes for {', '.join(sorted(missing | set(wrong)))}")
    for name in wanted:
        text = text.replace(f"$({name})", values[name])
    (folder / "spool").mkdir(parents=True, exist_ok=True)
    file = folder / "kannel.conf"
    file.touch(0o600)
    file.write_text(text, "utf-8")
    return file


def main(arguments: list[str]) -> int:
    """Write the file that the arguments describe."""
    if not arguments or any("=" not in argument for argument in arguments[1:]):
        print(__doc__, file=sys.stderr)
        return 2
    try:
        file = configure(Path(arguments[0]), dict(argument.split("=", 1) for argument in arguments[1:]))
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    print(file)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
