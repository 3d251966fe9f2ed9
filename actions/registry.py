"""Every action of the project, for whoever runs them in a process of their own."""

from rasa_sdk import Action

from actions.answer_topic import ActionAnswerTopic
from actions.attendance import ActionAttendance
from actions.catch_up import ActionCatchUp
from actions.clarify import ActionClarify
from actions.decline_offer import ActionDeclineOffer
from actions.fallback import ActionFallback
from actions.misses_left import ActionMissesLeft
from actions.next_session import ActionNextSession
from actions.not_clear import ActionNotClear
from actions.offer_personal import ActionOfferPersonal
from actions.other_people import ActionOtherPeople
from actions.remind_absence import ActionRemindAbsence
from actions.repeat import ActionRepeat
from actions.report_absence import ActionReportAbsence
from actions.schedule import ActionSchedule
from actions.sessions_left import ActionSessionsLeft
from actions.tools import Tools
from actions.venue import ActionVenue

ACTIONS = (
    ActionAnswerTopic,
    ActionAttendance,
    ActionCatchUp,
    ActionClarify,
    ActionDeclineOffer,
    ActionFallback,
    ActionMissesLeft,
    ActionNextSession,
    ActionNotClear,
    ActionOfferPersonal,
    ActionOtherPeople,
    ActionRemindAbsence,
    ActionRepeat,
    ActionReportAbsence,
    ActionSchedule,
    ActionSessionsLeft,
    ActionVenue,
)


def all_actions(tools: Tools) -> list[Action]:
    """Return each action, built with ``tools``."""
    return [action(tools) for action in ACTIONS]
