"""What is said about variables of the environment that cannot be used."""

from collections.abc import Collection, Mapping
from difflib import get_close_matches

from pydantic import ValidationError

from bot.errors import ConfigurationError

PREFIX = "LEAFLINE_"
"""What the variables of the service begin with."""
_NO_SETTINGS = (f"{PREFIX}DIE_AT", f"{PREFIX}TEST_")
"""What variables for tests begin with."""


class SettingsError(ConfigurationError):
    """A setting has a value that cannot be used; the message names it and says what was expected."""


def refuse_unknown(environment: Mapping[str, str], known: Collection[str]) -> None:
    """Raise SettingsError where a variable with the prefix is none of ``known``: it is a slip that would go unseen."""
    unknown = [
        name
        for name in sorted(environment)
        if name.startswith(PREFIX) and name not in known and not name.startswith(_NO_SETTINGS)
    ]
    if unknown:
        raise SettingsError(
            "\n".join(f"{name} is no setting: did you mean {_nearest(name, known)}?" for name in unknown)
        )


def _nearest(name: str, known: Collection[str]) -> str:
    """Return the variable of ``known`` that is most like ``name``, the prefix apart: some have none."""
    by_end = {one.removeprefix(PREFIX): one for one in known}
    (nearest,) = get_close_matches(name.removeprefix(PREFIX).upper(), by_end, n=1, cutoff=0)
    return by_end[nearest]


def refusal(error: ValidationError, variables: Mapping[str, str]) -> SettingsError:
    """Return everything that ``error`` has found, one line a setting, under the names in ``variables``."""
    return SettingsError("\n".join(f"{variables[str(one['loc'][0])]} {one['msg']}" for one in error.errors()))
