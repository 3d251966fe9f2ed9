"""From the record: how many sessions were attended and missed."""

from actions.personal_action import PersonalAction


class ActionAttendance(PersonalAction):
    """Says how many sessions were attended and missed."""

    def name(self) -> str:
        """Return the name that the domain and the stories use."""
        return "action_attendance"
