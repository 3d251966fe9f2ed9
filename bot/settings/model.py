"""The settings, with what holds where the environment says nothing."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseSettings, Field, ValidationError, validator

from bot.settings import checks
from bot.settings.environment import PREFIX, SettingsError, refusal, refuse_unknown

ROOT = Path(__file__).resolve().parents[2]


def _checked(check: checks.Check, *names: str) -> Any:
    """Return what has pydantic check the settings called ``names`` before it reads them."""
    return validator(*names, pre=True, allow_reuse=True)(check)


class Settings(BaseSettings):
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
    added: Path | None = None
    """The folder that approved questions are written to for review, outside data/; None for none."""
    database_url: str = Field(default=f"sqlite:///{ROOT / 'leafline.db'}", env="DATABASE_URL", repr=False)
    """Where the record is. sqlite:///FILE or postgresql://..."""
    database_key: str = Field(default="", repr=False)
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
    twilio_token: str = Field(default="", repr=False)
    """Twilio's auth token, which also signs its calls."""
    notify_key: str = Field(default="", repr=False)
    """GOV.UK Notify's API key; setting it turns Notify on."""
    notify_template: str = ""
    """The id of Notify's template, whose only placeholder is ((reply))."""
    notify_bearer: str = Field(default="", repr=False)
    """The bearer token that Notify's callbacks carry."""
    notify_url: str = "https://api.notifications.service.gov.uk"
    """Where Notify's API is."""
    kannel_url: str = ""
    """The address of Kannel's sendsms; setting it turns Kannel on."""
    kannel_username: str = ""
    """The name of Kannel's sendsms user."""
    kannel_password: str = Field(default="", repr=False)
    """Its password."""
    kannel_token: str = Field(default="", repr=False)
    """What Kannel's calls of this service must carry."""
    telegram_token: str = Field(default="", env="TELEGRAM_TOKEN", repr=False)
    """The token that @BotFather gave; setting it turns Telegram on."""
    telegram_api_base_url: str = Field(default="https://api.telegram.org", env="TELEGRAM_API_BASE_URL")
    """Where the Bot API is."""
    telegram_secret: str = Field(default="", repr=False)
    """What Telegram's calls must carry; setting it has updates sent to the webhook instead of fetching them."""
    keep_days: int = 30
    """How long text messages are kept once they are answered, and the state of conversations."""
    keep_alert_days: int = 365
    """How long alerts are kept once they are dealt with; open ones stay."""
    keep_audit_days: int = 730
    """How long the audit trail and the figures of what was asked are kept."""
    alert_minutes: int = 15
    """After how many minutes an alert that no member of staff has taken on counts as overdue."""
    duty_phones: tuple[str, ...] = Field(default=(), repr=False)
    """Mobile telephones, in E.164 and in order, that are texted when nobody takes an alert on; none for nobody."""
    second_call_minutes: int = 15
    """How long after the first duty phone all of them are texted, where still nobody has taken the alert on."""
    shell_participant: str = ""
    """Whose record is open in `rasa shell`: a reference, for demonstrations; no other channel knows it."""
    log_level: str = "WARNING"
    """What is logged: DEBUG, INFO, WARNING or ERROR. No level logs what people write."""

    _not_empty = _checked(checks.not_empty, "*")
    _numbers = _checked(checks.number(1, 65535), "port")
    _minutes = _checked(checks.number(1, 120), "unlock_minutes", "alert_minutes", "second_call_minutes")
    _days = _checked(checks.number(1, 3650), "keep_days", "keep_alert_days", "keep_audit_days")
    _switches = _checked(checks.yes_or_no, "secure_cookies", "caught_up_counts")
    _hosts = _checked(checks.hosts, "hosts")
    _proxies = _checked(checks.networks, "trusted_proxies")
    _phones = _checked(checks.phones, "duty_phones")
    _level = _checked(checks.one_of("DEBUG", "INFO", "WARNING", "ERROR"), "log_level")
    _discreet = _checked(checks.discreet, "contact_name", "office_phone", "office_hours", "telegram_name")
    _discreet_sender = _checked(checks.discreet_sender, "sms_sender")
    _name_fits = _checked(checks.no_longer_than(30), "contact_name")
    _phone_fits = _checked(checks.no_longer_than(16), "office_phone")
    _hours_fit = _checked(checks.no_longer_than(32), "office_hours")
    _sender = _checked(
        checks.written_as(
            r"\+?[0-9]{3,15}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}", "a number, or at most 11 letters and digits"
        ),
        "sms_sender",
    )
    _number = _checked(checks.written_as(r"\+?[0-9][0-9 ]{2,19}", "a number like 07700 900123"), "sms_number")
    _bot = _checked(
        checks.written_as(r"[A-Za-z0-9_]{5,32}", "the bot's name without @, like office_bot"), "telegram_name"
    )
    _token = _checked(
        checks.written_as(r"[0-9]+:[A-Za-z0-9_-]+", "digits, a colon and letters, as @BotFather gave it", secret=True),
        "telegram_token",
    )
    _secret = _checked(
        checks.written_as(r"[A-Za-z0-9_-]{16,256}", "16 to 256 of A-Z, a-z, 0-9, _ and -", secret=True),
        "telegram_secret",
    )
    _addresses = _checked(
        checks.written_as(r"https?://[^/\s]+(/[^\s]*[^/\s])?", "one like https://bot.example.org"),
        "public_url",
        "telegram_api_base_url",
    )

    class Config:
        """The environment is read by :meth:`from_env` alone, so that tests and tools depend on none."""

        env_prefix = PREFIX
        frozen = True
        validate_all = False  # a default may be what nobody could set: nothing

        @classmethod
        def customise_sources(cls, init_settings: Any, **_: Any) -> tuple[Any, ...]:
            """Take the arguments alone."""
            return (init_settings,)

    @classmethod
    def from_env(cls, environment: Mapping[str, str]) -> "Settings":
        """Read each setting's :func:`variable`; raise SettingsError on one that cannot be used or does not exist."""
        variables = {name: variable(name) for name in cls.__fields__}
        refuse_unknown(environment, variables.values())
        given: dict[str, Any] = {name: environment[of] for name, of in variables.items() if of in environment}
        given.setdefault("secure_cookies", given.get("public_url", "").startswith("https://"))
        try:
            settings = cls(**given)
        except ValidationError as error:
            raise refusal(error, variables) from None
        settings._refuse_incomplete()
        return settings

    def _refuse_incomplete(self) -> None:
        """Raise SettingsError where a setting needs others that are not given."""
        for main, others in _TOGETHER.items():
            missing = [variable(name) for name in others if getattr(self, main) and not getattr(self, name)]
            if missing:
                raise SettingsError(f"{variable(main)} is set, but {', '.join(missing)} is not: expected all of them")
        if self.duty_phones and not any(getattr(self, name) for name in _TEXTS):
            expected = ", ".join(variable(name) for name in _TEXTS)
            raise SettingsError(f"{PREFIX}DUTY_PHONES is set, but no gateway to text them: expected one of {expected}")

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


def variable(name: str) -> str:
    """Return the environment variable that the setting ``name`` is read from."""
    (found,) = Settings.__fields__[name].field_info.extra["env_names"]
    return str(found).upper()
