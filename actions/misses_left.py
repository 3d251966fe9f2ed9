"""From the record: how many more sessions can be missed."""

from actions.personal_action import PersonalAction


class ActionMissesLeft(PersonalAction):
    """Says how many more sessions can be missed."""

    def name(self) -> str:
        """Return the name that the domain and the stories use."""
        return "action_misses_left"
