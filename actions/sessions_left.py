"""From the record: how many sessions are still to come."""

from actions.personal_action import PersonalAction


class ActionSessionsLeft(PersonalAction):
    """Says how many sessions are still to come."""

    def name(self) -> str:
        """Return the name that the domain and the stories use."""
        return "action_sessions_left"
