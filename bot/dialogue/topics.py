"""The topics that a person's own record answers, each with the action that does it."""

REPORT = "report_absence"
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
PERSONAL_TOPICS = frozenset(PERSONAL_ACTIONS)
DATED_TOPICS = frozenset({"my_next_session", "my_schedule", "my_venue"})
"""After one of these, a date alone asks for what is on that day."""
OTHER_PEOPLE = "other_people"
