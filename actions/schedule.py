"""From the record: the coming dates, a page at a time."""

from actions.personal_action import PersonalAction


class ActionSchedule(PersonalAction):
    """Says the coming dates, a page at a time."""

    def name(self) -> str:
        """Return the name that the domain and the stories use."""
        return "action_schedule"
