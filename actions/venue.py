"""From the record: where the next session is, or the one on a certain day."""

from actions.personal_action import PersonalAction


class ActionVenue(PersonalAction):
    """Says where the next session is, or the one on a certain day."""

    def name(self) -> str:
        """Return the name that the domain and the stories use."""
        return "action_venue"
