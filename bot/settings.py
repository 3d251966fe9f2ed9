"""Every setting of the service, read once from the environment (docs/reference/settings.md says what each is for)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from ipaddress import ip_address, ip_network
from pathlib import Path

from bot.errors import ConfigurationError
from bot.text import discretion
from bot.text.typed import normalised

ROOT = Path(__file__).resolve().parents[1]
PREFIX = "LEAFLINE_"
_WITHOUT_PREFIX = ("database_url", "telegram_token", "telegram_api_base_url")
"""Settings that hosts and tools know by these names."""


def variable(name: str) -> str:
    """Return the environment variable that the setting ``name`` is read from."""
    return name.upper() if name in _WITHOUT_PREFIX else PREFIX + name.upper()


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
    trusted_proxies: tuple[str, ...] = ()
    """Addresses or networks of reverse proxies whose X-Forwarded-For is believed; none for none."""
    secure_cookies: bool = False
    """Whether the pages are served over HTTPS, and over nothing else: so browsers send cookies and ask for pages."""
    hosts: tuple[str, ...] = ()
    """The names that browsers and providers reach the service by; none for any."""
    models: Path = ROOT / "models"
    """The folder of trained models."""
    added: Path = ROOT / "data" / "nlu" / "added"
    """The folder of training questions that staff added."""
    database_url: str = f"sqlite:///{ROOT / 'leafline.db'}"
    """Where the record is: read from DATABASE_URL, without the prefix. sqlite:///FILE or postgresql://..."""
    database_key: str = ""
    """What the record is encrypted with; several with commas, the newest first. SQLite keeps one in a file."""
    spool: Path = ROOT / "leafline.spool"
    """The file in which alerts wait while the database is down: on another disk than the database, if possible."""
    unlock_minutes: int = 15
    """How long a PIN opens the own record."""
    caught_up_counts: bool = True
    """Whether a missed session still counts as missed once it is caught up."""
    public_url: str = ""
    """The address under which providers reach the service, without a slash at the end."""
    sms_sender: str = ""
    """What text messages come from: a number, or up to 11 letters that say nothing about what this is."""
    sms_number: str = ""
    """The number that people send text messages to, as it is written for people; where it is not the sender."""
    telegram_name: str = ""
    """The name of the bot in Telegram, without the @, for the sheet with a link code."""
    twilio_account: str = ""
    """Twilio's account SID; setting it turns Twilio on."""
    twilio_token: str = ""
    """Twilio's auth token, which also signs its calls."""
    notify_key: str = ""
    """GOV.UK Notify's API key; setting it turns Notify on."""
    notify_template: str = ""
    """The id of Notify's template, whose only placeholder is ((reply))."""
    notify_bearer: str = ""
    """The bearer token that Notify's callbacks carry."""
    notify_url: str = "https://api.notifications.service.gov.uk"
    """Where Notify's API is."""
    kannel_url: str = ""
    """The address of Kannel's sendsms; setting it turns Kannel on."""
    kannel_username: str = ""
    """The name of Kannel's sendsms user."""
    kannel_password: str = ""
    """Its password."""
    kannel_token: str = ""
    """What Kannel's calls of this service must carry."""
    telegram_token: str = ""
    """The token that @BotFather gave; setting it turns Telegram on. Read from TELEGRAM_TOKEN, without the prefix."""
    telegram_api_base_url: str = "https://api.telegram.org"
    """Where the Bot API is: TELEGRAM_API_BASE_URL, without the prefix."""
    telegram_secret: str = ""
    """What Telegram's calls must carry; setting it has updates sent to the webhook instead of fetching them."""
    keep_days: int = 30
    """How long text messages are kept once they are answered, and what a conversation leans on."""
    keep_alert_days: int = 365
    """How long alerts are kept once they are dealt with; open ones stay."""
    keep_audit_days: int = 730
    """How long the audit trail and the figures of what was asked are kept."""
    alert_minutes: int = 15
    """After how many minutes an alert that no member of staff has taken on counts as overdue."""
    duty_phones: tuple[str, ...] = ()
    """Mobile telephones, in E.164 and in order, that are texted when nobody takes an alert on; none for nobody."""
    second_call_minutes: int = 15
    """How long after the first duty phone all of them are texted, where still nobody has taken the alert on."""
    log_level: str = "WARNING"
    """What is logged: DEBUG, INFO, WARNING or ERROR. No level logs what people write."""

    @classmethod
    def from_env(cls, environment: Mapping[str, str]) -> "Settings":
        """Read each setting's :func:`variable`; raise SettingsError on one that cannot be used."""
        given = {f.name: environment[variable(f.name)] for f in fields(cls) if variable(f.name) in environment}
        values = {name: _read(name, value) for name, value in given.items()}
        values.setdefault("secure_cookies", str(values.get("public_url", "")).startswith("https://"))
        settings = cls(**values)  # type: ignore[arg-type]
        for main, others in _TOGETHER.items():
            missing = [variable(name) for name in others if getattr(settings, main) and not getattr(settings, name)]
            if missing:
                raise SettingsError(f"{variable(main)} is set, but {', '.join(missing)} is not: expected all of them")
        if settings.duty_phones and not any(getattr(settings, name) for name in _TEXTS):
            expected = ", ".join(variable(name) for name in _TEXTS)
            raise SettingsError(f"{PREFIX}DUTY_PHONES is set, but no gateway to text them: expected one of {expected}")
        return settings

    @property
    def text_to(self) -> str:
        """The number that people can text; empty where none is known, or no gateway is set up."""
        sender = self.sms_sender if re.fullmatch(r"\+?[0-9]{3,15}", self.sms_sender) else ""
        return (self.sms_number or sender) if any(getattr(self, name) for name in _TEXTS) else ""

    @property
    def office(self) -> dict[str, str]:
        """The words that answers put in for {contact_name}, {office_phone} and {office_hours}."""
        return {
            "contact_name": self.contact_name,
            "office_phone": self.office_phone,
            "office_hours": self.office_hours,
        }


_TOGETHER = {
    "twilio_account": ("twilio_token", "sms_sender", "public_url"),
    "notify_key": ("notify_template", "notify_bearer"),
    "telegram_secret": ("telegram_token", "public_url"),
    "kannel_url": ("kannel_username", "kannel_password", "kannel_token", "sms_sender", "public_url"),
}
"""What a gateway needs besides the setting that turns it on."""
_TEXTS = ("twilio_account", "notify_key", "kannel_url")
"""What turns a gateway for text messages on."""


_LONGEST = {"contact_name": 30, "office_phone": 16, "office_hours": 32}
"""In characters: an SMS answer has room for this much of each and still keeps to its parts."""
_READ_BY_PEOPLE = ("sms_sender", "telegram_name", *_LONGEST)
"""What stands in messages and on sheets of paper, which others than the person may see."""


def _read(name: str, value: str) -> object:
    if name == "port":
        if not (value.isdecimal() and 0 < int(value) < 65536):
            raise SettingsError(f"{PREFIX}PORT is {value!r}: expected a number from 1 to 65535")
        return int(value)
    if name == "hosts":
        return tuple(_host(part.strip()) for part in value.split(","))
    if name == "trusted_proxies":
        return tuple(_network(part.strip()) for part in value.split(",") if part.strip())
    if name == "duty_phones":
        return tuple(_phone(part) for part in value.split(","))
    if name in ("unlock_minutes", "alert_minutes", "second_call_minutes"):
        if not (value.isdecimal() and 0 < int(value) <= 120):
            raise SettingsError(f"{variable(name)} is {value!r}: expected a number from 1 to 120")
        return int(value)
    if name in ("keep_days", "keep_alert_days", "keep_audit_days"):
        if not (value.isdecimal() and 0 < int(value) <= 3650):
            raise SettingsError(f"{variable(name)} is {value!r}: expected a number from 1 to 3650")
        return int(value)
    if name in ("caught_up_counts", "secure_cookies"):
        if value.lower() not in ("yes", "no"):
            raise SettingsError(f"{variable(name)} is {value!r}: expected yes or no")
        return value.lower() == "yes"
    if name in ("models", "added", "spool"):
        return Path(value)
    if name == "log_level":
        if value.upper() not in ("DEBUG", "INFO", "WARNING", "ERROR"):
            raise SettingsError(f"{PREFIX}LOG_LEVEL is {value!r}: expected DEBUG, INFO, WARNING or ERROR")
        return value.upper()
    if name in _READ_BY_PEOPLE:
        value = _discreet(name, value)
    if name == "sms_sender" and not re.fullmatch(r"\+?[0-9]{3,15}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}", value):
        raise SettingsError(f"{PREFIX}SMS_SENDER is {value!r}: expected a number, or at most 11 letters and digits")
    if name == "sms_number" and not re.fullmatch(r"\+?[0-9][0-9 ]{2,19}", value):
        raise SettingsError(f"{PREFIX}SMS_NUMBER is {value!r}: expected a number like 07700 900123")
    if name == "telegram_name" and not re.fullmatch(r"[A-Za-z0-9_]{5,32}", value):
        raise SettingsError(f"{PREFIX}TELEGRAM_NAME is {value!r}: expected the bot's name without @, like office_bot")
    if name == "telegram_token" and not re.fullmatch(r"[0-9]+:[A-Za-z0-9_-]+", value):
        raise SettingsError("TELEGRAM_TOKEN cannot be one: expected digits, a colon and letters, as @BotFather gave it")
    if name == "telegram_secret" and not re.fullmatch(r"[A-Za-z0-9_-]{16,256}", value):
        raise SettingsError(f"{PREFIX}TELEGRAM_SECRET cannot be used: expected 16 to 256 of A-Z, a-z, 0-9, _ and -")
    if name in ("public_url", "telegram_api_base_url") and not re.fullmatch(r"https?://[^/\s]+(/[^\s]*[^/\s])?", value):
        raise SettingsError(f"{variable(name)} is {value!r}: expected one like https://bot.example.org")
    if name in _LONGEST and not 0 < len(value) <= _LONGEST[name]:
        expected = f"expected 1 to {_LONGEST[name]}, so that it fits an SMS"
        raise SettingsError(f"{PREFIX}{name.upper()} has {len(value)} characters: {expected}")
    if not value:
        raise SettingsError(f"{PREFIX}{name.upper()} is empty: leave it out, or give it a value")
    return value


def _discreet(name: str, value: str) -> str:
    """Return ``value`` without what cannot be seen; raise SettingsError where it tells what the service is about."""
    told = discretion.refused(value) or (discretion.doubtful(value) if name == "sms_sender" else None)
    if told:
        expected = "expected neutral words, for others than the person may see it"
        raise SettingsError(f"{variable(name)} is {value!r}, and “{told}” tells what it is about: {expected}")
    return normalised(value)


def _host(text: str) -> str:
    if not re.fullmatch(r"(?:\*\.)?[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*", text):
        raise SettingsError(
            f"{PREFIX}HOSTS has {text!r}: expected names like bot.example.org, with commas, without a port"
        )
    return text.lower()


def _network(text: str) -> str:
    try:
        return str(ip_network(text)) if "/" in text else str(ip_address(text))
    except ValueError:
        expected = "expected addresses or networks with commas, like 127.0.0.1,10.0.0.0/8"
        raise SettingsError(f"{PREFIX}TRUSTED_PROXIES is {text!r}: {expected}") from None


def _phone(text: str) -> str:
    from bot.text.phone_numbers import NumberError, e164  # the library's tables are loaded only where there is a number

    try:
        return e164(text)
    except NumberError:
        # Without the value: it may be somebody's own number, and this is shown and logged.
        expected = "expected mobile numbers with commas, like +447700900123,+447700900124"
        raise SettingsError(f"{PREFIX}DUTY_PHONES cannot be used: {expected}") from None
