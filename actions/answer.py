"""The one action that answers: it reads what was understood and what was said last, and says what was chosen."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.own.absence_topic import REPORT
from actions.personal_answers import OWN, PersonalAnswers, PersonalReply
from actions.personal_answers import PersonalMessage as HeardOwn
from bot.dialogue.choice import (
    NONE_OF_THESE,
    LastTurn,
    MessagePart,
    NextStep,
    NluResult,
    StepKind,
    choose,
    nobody_at_risk,
    pick,
)
from bot.dialogue.follow_ups import FollowUps, Ranking
from bot.dialogue.follow_ups import load as load_follow_ups
from bot.dialogue.personal_phrases import load as load_own_turns
from bot.messages import ReplyFormat
from bot.replies.wording import ResponseCatalog
from bot.replies.wording import load as load_wording
from bot.settings import Settings
from bot.text.normalise import normalise, shared
from bot.topics.registry import SAFEGUARDING_TOPICS, SMALL_TALK, menu

SLOT = "last_turn"


class ActionAnswer(Action):  # type: ignore[misc]
    """Answers, asks back, or says that it did not understand."""

    def __init__(
        self,
        wording: ResponseCatalog | None = None,
        follow_ups: FollowUps | None = None,
        office: Mapping[str, str] | None = None,
        own: PersonalAnswers | None = None,
    ) -> None:
        """Take what the composition root has built; `rasa run actions` gives nothing and gets the defaults."""
        settings = Settings()
        self._wording = wording or load_wording(settings.programme, settings.language)
        self._follow_ups = follow_ups or load_follow_ups()
        self._office = dict(office or settings.office)
        self._own = own or PersonalAnswers(None, self._wording, load_own_turns(), self._office)

    def name(self) -> str:
        """Return the name that rules and domain use."""
        return "action_answer"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Say what was chosen, and keep what the next turn may lean on."""
        slot = tracker.get_slot(SLOT) or {}
        last = _last_turn(slot)
        message = tracker.latest_message
        text = normalise(message.get("text") or "")
        kept = slot.get("own", {})
        own = HeardOwn.of(message, text, tuple(slot.get("topics", ())), kept, tracker.get_latest_input_channel() or "")
        heard = _heard(message, text, self._own.goes_on(own), at_risk=bool(set(last.topics) & set(SAFEGUARDING_TOPICS)))
        suggested = self._suggested(heard.text, last)
        choice = pick(suggested) if suggested else choose(heard, last, self._follow_ups)
        if slot.get("offers") and not choice.topics and self._own.declines(own.raw, text):
            choice = NextStep(StepKind.ANSWER, (), 1.0)
        choice = await self._own.instead(choice, own)
        if await self._own.about_somebody_else(choice.topics, own):
            choice = NextStep(StepKind.ANSWER, ("other_people",), choice.confidence)
        elif choice.kind is StepKind.ASK and (settled := self._own.instead_of_asking(choice.topics, own)):
            choice = NextStep(StepKind.ANSWER, (settled,), choice.confidence)
        lost = last.lost + 1 if choice.kind is StepKind.LOST else 0
        suggestions, keep = await self._say(dispatcher, choice, lost, own)
        if choice.again and last.again:
            self._utter(dispatcher, "not_clear")
        if REPORT not in choice.topics and not set(SAFEGUARDING_TOPICS) & set(choice.topics):
            reminder, begun = await self._own.between(own, quiet=bool(suggestions))
            if reminder:
                _utter_words(dispatcher, reminder)
            keep["own"] = {**keep.get("own", {}), **begun}
        answered = choice.topics if choice.kind is StepKind.ANSWER else ()
        return [
            SlotSet(
                SLOT,
                {
                    "topics": list(answered),
                    "suggestions": list(suggestions),
                    "lost": lost,
                    "confidence": round(choice.confidence, 4),
                    "leant_on": list(_leant_on(answered, last)),
                    "own": keep.get("own", {}),
                    "refused": keep.get("refused", False),
                    "picked": keep.get("ask_again") or (self._wording.title(answered[0]) if choice.picked else None),
                    "offers": bool(keep.get("offers")),
                    "again": choice.again,
                    "at": own.now.isoformat(),
                },
            ),
            FollowupAction("action_listen"),  # nothing else ever follows: the policies need not be asked
        ]

    async def _say(
        self, dispatcher: CollectingDispatcher, choice: NextStep, lost: int, own: HeardOwn
    ) -> tuple[tuple[str, ...], dict[str, Any]]:
        """Utter what ``choice`` asks for; return the topics offered, and what own answers keep for the next turn."""
        if choice.kind is StepKind.ANSWER:
            return await self._answer(dispatcher, choice.topics, own)
        if choice.kind is StepKind.ASK:
            self._utter(dispatcher, choice.says or "did_you_mean", offered=(*choice.topics, NONE_OF_THESE))
            return choice.topics, {}
        if choice.says:
            self._utter(dispatcher, choice.says)
            return (), {}
        if lost < 2:
            self._utter(dispatcher, "not_understood")
            return (), {}
        self._utter(dispatcher, "lost", offered=(*menu(), NONE_OF_THESE))
        return menu(), {}

    async def _answer(
        self, dispatcher: CollectingDispatcher, topics: tuple[str, ...], own: HeardOwn
    ) -> tuple[tuple[str, ...], dict[str, Any]]:
        keep: dict[str, Any] = {"own": {}}
        if not topics:
            dispatcher.utter_message(text=self._own.said("offer_declined", own.rendering))
        for topic in topics:
            if topic in OWN:
                words, kept = await self._own.answer(topic, own)
                _utter_words(dispatcher, words)
                keep["own"] |= kept
                keep["refused"] = keep.get("refused", False) or words.refused
                keep["ask_again"] = keep.get("ask_again") or words.ask_again
            else:
                self._utter(dispatcher, topic)
        if not (OWN | set(SAFEGUARDING_TOPICS)) & set(topics) and "absence" not in own.kept:
            offer = self._own.offer(topics, own)
            if offer:
                dispatcher.utter_message(text=offer[1], buttons=self._offered(offer[0], own.rendering))
                return (offer[0],), {**keep, "offers": True}
        return (), keep

    def _button(self, topic: str) -> dict[str, str]:
        title = self._wording.title(topic)
        return {"title": title, "payload": title}

    def _offered(self, topic: str, rendering: ReplyFormat) -> list[dict[str, str]]:
        """Return the buttons under an offer: to take it, and, where they are tapped, to leave it."""
        no = self._own.no_button(rendering)
        return [self._button(topic), *([] if rendering is ReplyFormat.SMS else [{"title": no, "payload": no}])]

    def _utter(self, dispatcher: CollectingDispatcher, topic: str, offered: Iterable[str] = ()) -> None:
        buttons = [self._button(t) for t in offered]
        dispatcher.utter_message(response=self._wording.name(topic), buttons=buttons, **self._office)

    def _suggested(self, text: str, last: LastTurn) -> str | None:
        """Return the offered topic whose title ``text`` is: a tapped button sends its title."""
        return next((t for t in last.suggestions if normalise(self._wording.title(t)) == text), None)


def _leant_on(answered: tuple[str, ...], last: LastTurn) -> tuple[str, ...]:
    """Return what the next turn may lean on: thanks in between change no subject."""
    return answered if set(answered) - SMALL_TALK or not last.topics else last.topics


def _last_turn(value: Mapping[str, Any] | None) -> LastTurn:
    if not value:
        return LastTurn()
    return LastTurn(tuple(value["leant_on"]), tuple(value["suggestions"]), int(value["lost"]), bool(value.get("again")))


def _heard(message: Mapping[str, Any], text: str, goes_on_with: str | None, *, at_risk: bool) -> NluResult:
    """Read what understanding put into the message; a message from elsewhere has an intent ranking at most."""
    intents = message.get("intent_ranking") or [message["intent"]]
    stock: list[Mapping[str, Any]] = [
        {"ranking": [{"topic": i["name"], "score": i["confidence"]} for i in intents], "asks": True}
    ]
    whole, *parts = message.get("readings") or stock
    in_context = _ranking(message.get("in_context") or [])
    return NluResult(
        text,
        _ranking(whole["ranking"]),
        tuple(MessagePart(_ranking(part["ranking"]), part["asks"]) for part in parts),
        in_context if at_risk else nobody_at_risk(in_context),
        goes_on_with,
        shared().knows_a_word_of(text),
    )


def _utter_words(dispatcher: CollectingDispatcher, words: PersonalReply) -> None:
    buttons = [{"title": option, "payload": option} for option in words.options]
    file = asdict(words.calendar) if words.calendar else None
    dispatcher.utter_message(text=words.text, buttons=buttons, section=words.section, file=file)


def _ranking(entries: Iterable[Mapping[str, Any]]) -> Ranking:
    return [(entry["topic"], entry["score"]) for entry in entries]
