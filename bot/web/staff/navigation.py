"""The addresses that every page of staff knows, and the navigation."""

from bot.records.enums import Role

HOME = "/staff"
SIGN_IN = f"{HOME}/sign-in"
PAGES: tuple[tuple[str, str, Role], ...] = (
    ("Today", HOME, Role.FACILITATOR),
    ("Participants", f"{HOME}/participants", Role.FACILITATOR),
    ("Absences", f"{HOME}/absences", Role.FACILITATOR),
    ("Groups", f"{HOME}/groups", Role.FACILITATOR),
    ("Ask", f"{HOME}/ask", Role.FACILITATOR),
    ("Audit", f"{HOME}/audit", Role.MANAGER),
    ("Questions", f"{HOME}/questions", Role.MANAGER),
    ("Figures", f"{HOME}/figures", Role.MANAGER),
    ("Screens", f"{HOME}/screens", Role.ADMINISTRATOR),
)
"""The navigation: what it says, where it leads, and who may go there."""
