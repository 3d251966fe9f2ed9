"""Every setting of the service, read once from the environment (docs/settings.md says what each is for)."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from bot.errors import ConfigurationError

ROOT = Path(__file__).resolve().parents[1]
PREFIX = "LEAFLINE_"


def variable(name: str) -> str:
    """Return the environment variable that the setting ``name`` is read from."""
    return "DATABASE_URL" if name == "database_url" else PREFIX + name.upper()  # the name that hosts and tools use


class SettingsError(ConfigurationError):
    """A setting has a value that cannot be used; the message names it and says what was expected."""


@dataclass(frozen=True)
class Settings:
    """The settings, with what holds where the environment says nothing."""

    programme: str = "isotp"
    """Whose leaflet is answered: a folder under data/answers/."""
    language: str = "en"
    """The language of the answers: a folder under data/answers/<programme>/."""
    contact_name: str = "the duty officer"
    """Who to ask for at the office."""
    office_phone: str = "07700 900123"
    """The office's telephone number, as it is written for people."""
    office_hours: str = "Monday to Friday, 9am to 5pm"
    """When the office answers its telephone."""
    host: str = "127.0.0.1"
    """The address that the page is served on."""
    port: int = 8000
    """The port that the page is served on."""
    models: Path = ROOT / "models"
    """The folder of trained models."""
    database_url: str = f"sqlite:///{ROOT / 'leafline.db'}"
    """Where the record is: read from DATABASE_URL, without the prefix. sqlite:///FILE or postgresql://..."""
    database_key: str = ""
    """What the record is encrypted with; several with commas, the newest first. SQLite keeps one in a file."""
    unlock_minutes: int = 15
    """How long a PIN opens the own record."""
    caught_up_counts: bool = True
    """Whether a missed session still counts as missed once it is caught up."""
    log_level: str = "WARNING"
    """What is logged: DEBUG, INFO, WARNING or ERROR. No level logs what people write."""

    @classmethod
    def from_env(cls, environment: Mapping[str, str]) -> "Settings":
        """Read each setting's :func:`variable`; raise SettingsError on one that cannot be used."""
        given = {f.name: environment[variable(f.name)] for f in fields(cls) if variable(f.name) in environment}
        return cls(**{name: _read(name, value) for name, value in given.items()})  # type: ignore[arg-type]

    @property
    def office(self) -> dict[str, str]:
        """The words that answers put in for {contact_name}, {office_phone} and {office_hours}."""
        return {
            "contact_name": self.contact_name,
            "office_phone": self.office_phone,
            "office_hours": self.office_hours,
        }


_LONGEST = {"contact_name": 30, "office_phone": 16, "office_hours": 32}
"""In characters: an SMS answer has room for this much of each and still keeps to its parts."""


def _read(name: str, value: str) -> object:
    if name == "port":
        if not (value.isdecimal() and 0 < int(value) < 65536):
            raise SettingsError(f"{PREFIX}PORT is {value!r}: expected a number from 1 to 65535")
        return int(value)
    if name == "unlock_minutes":
        if not (value.isdecimal() and 0 < int(value) <= 120):
            raise SettingsError(f"{PREFIX}UNLOCK_MINUTES is {value!r}: expected a number from 1 to 120")
        return int(value)
    if name == "caught_up_counts":
        if value.lower() not in ("yes", "no"):
            raise SettingsError(f"{PREFIX}CAUGHT_UP_COUNTS is {value!r}: expected yes or no")
        return value.lower() == "yes"
    if name == "models":
        return Path(value)
    if name == "log_level":
        if value.upper() not in ("DEBUG", "INFO", "WARNING", "ERROR"):
            raise SettingsError(f"{PREFIX}LOG_LEVEL is {value!r}: expected DEBUG, INFO, WARNING or ERROR")
        return value.upper()
    if name in _LONGEST and not 0 < len(value) <= _LONGEST[name]:
        expected = f"expected 1 to {_LONGEST[name]}, so that it fits an SMS"
        raise SettingsError(f"{PREFIX}{name.upper()} has {len(value)} characters: {expected}")
    if not value:
        raise SettingsError(f"{PREFIX}{name.upper()} is empty: leave it out, or give it a value")
    return value
