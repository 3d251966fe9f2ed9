"""From the record: when the next session is, the one after that, or what is on a day."""

from actions.personal_action import PersonalAction


class ActionNextSession(PersonalAction):
    """Says when the next session is, the one after that, or what is on a day."""

    def name(self) -> str:
        """Return the name that the domain and the stories use."""
        return "action_next_session"
