"""The action that answers each topic; which topics there are, :mod:`bot.topics.registry` says."""

REPORT = "report_absence"
OTHER_PEOPLE = "other_people"
PERSONAL_ACTIONS = {
    "my_next_session": "action_next_session",
    "my_schedule": "action_schedule",
    "my_attendance": "action_attendance",
    "my_misses_left": "action_misses_left",
    "my_sessions_left": "action_sessions_left",
    "my_catch_up": "action_catch_up",
    "my_venue": "action_venue",
    REPORT: "action_report_absence",
}
"""The action of each topic of the registry's PERSONAL."""
DATED_TOPICS = frozenset({"my_next_session", "my_schedule", "my_venue"})
"""After one of these, a date alone asks for what is on that day."""


def action_for(topic: str) -> str:
    """Return the action that says the answer of ``topic``: from the record, else from the leaflet."""
    return PERSONAL_ACTIONS.get(topic, "action_answer_topic")
