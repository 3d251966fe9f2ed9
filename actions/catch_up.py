"""From the record: which catch-ups are booked, owed or done."""

from actions.personal_action import PersonalAction


class ActionCatchUp(PersonalAction):
    """Says which catch-ups are booked, owed or done."""

    def name(self) -> str:
        """Return the name that the domain and the stories use."""
        return "action_catch_up"
