"""The one action that answers: it reads what was understood and what was said last, and says what was chosen."""

from collections.abc import Iterable, Mapping
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.dialogue.choice import Choice, Heard, Kind, LastTurn, Part, Ranking, choose
from bot.dialogue.follow_ups import FollowUps
from bot.dialogue.follow_ups import load as load_follow_ups
from bot.replies.wording import Wording
from bot.replies.wording import load as load_wording
from bot.settings import Settings
from bot.text.normalise import normalise

SLOT = "last_turn"
TOPIC_LIST = (
    "session_times",
    "missed_session",
    "rules",
    "what_is_involved",
    "my_next_session",
    "rights",
    "talk_to_staff",
)
"""What is offered to somebody who was not understood twice."""


class ActionAnswer(Action):  # type: ignore[misc]
    """Answers, asks back, or says that it did not understand."""

    def __init__(
        self,
        wording: Wording | None = None,
        follow_ups: FollowUps | None = None,
        office: Mapping[str, str] | None = None,
    ) -> None:
        """Take what the composition root has built; `rasa run actions` gives nothing and gets the defaults."""
        settings = Settings()
        self._wording = wording or load_wording(settings.programme, settings.language)
        self._follow_ups = follow_ups or load_follow_ups()
        self._office = dict(office or settings.office)

    def name(self) -> str:
        """Return the name that rules and domain use."""
        return "action_answer"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Say what was chosen, and keep what the next turn may lean on."""
        last = _last_turn(tracker.get_slot(SLOT))
        heard = _heard(tracker.latest_message)
        suggested = self._suggested(heard.text, last)
        choice = Choice(Kind.ANSWER, (suggested,), 1.0) if suggested else choose(heard, last, self._follow_ups)
        lost = last.lost + 1 if choice.kind is Kind.LOST else 0
        suggestions = self._say(dispatcher, choice, lost)
        answered = choice.topics if choice.kind is Kind.ANSWER else ()
        return [
            SlotSet(
                SLOT,
                {
                    "topics": list(answered),
                    "suggestions": list(suggestions),
                    "lost": lost,
                    "confidence": round(choice.confidence, 4),
                    "leant_on": list(answered or last.topics),
                },
            )
        ]

    def _say(self, dispatcher: CollectingDispatcher, choice: Choice, lost: int) -> tuple[str, ...]:
        """Utter the responses for ``choice``; return the topics offered."""
        if choice.kind is Kind.ANSWER:
            for topic in choice.topics:
                self._utter(dispatcher, topic)
            return ()
        if choice.kind is Kind.ASK:
            self._utter(dispatcher, "did_you_mean", offered=choice.topics)
            return choice.topics
        if lost < 2:
            self._utter(dispatcher, "not_understood")
            return ()
        self._utter(dispatcher, "lost", offered=TOPIC_LIST)
        return TOPIC_LIST

    def _utter(self, dispatcher: CollectingDispatcher, topic: str, offered: Iterable[str] = ()) -> None:
        titles = [self._wording.title(t) for t in offered]
        buttons = [{"title": title, "payload": title} for title in titles]
        dispatcher.utter_message(response=self._wording.name(topic), buttons=buttons, **self._office)

    def _suggested(self, text: str, last: LastTurn) -> str | None:
        """Return the offered topic whose title ``text`` is: a tapped button sends its title."""
        return next((t for t in last.suggestions if normalise(self._wording.title(t)) == text), None)


def _last_turn(value: Mapping[str, Any] | None) -> LastTurn:
    if not value:
        return LastTurn()
    return LastTurn(tuple(value["leant_on"]), tuple(value["suggestions"]), int(value["lost"]))


def _heard(message: Mapping[str, Any]) -> Heard:
    """Read what understanding put into the message; a message from elsewhere has an intent ranking at most."""
    intents = message.get("intent_ranking") or [message["intent"]]
    stock: list[Mapping[str, Any]] = [
        {"ranking": [{"topic": i["name"], "score": i["confidence"]} for i in intents], "asks": True}
    ]
    whole, *parts = message.get("readings") or stock
    return Heard(
        normalise(message.get("text") or ""),
        _ranking(whole["ranking"]),
        tuple(Part(_ranking(part["ranking"]), part["asks"]) for part in parts),
        _ranking(message.get("in_context") or []),
    )


def _ranking(entries: Iterable[Mapping[str, Any]]) -> Ranking:
    return [(entry["topic"], entry["score"]) for entry in entries]
