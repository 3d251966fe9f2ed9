"""Reads what understanding put into a message of Rasa's, as the plain value that the choice is made from."""

from collections.abc import Iterable, Mapping
from typing import Any

from bot.dialogue.choice import MessagePart, NluResult, nobody_at_risk
from bot.dialogue.follow_ups import Ranking
from bot.dialogue.personal_message import PersonalMessage
from bot.text.normalise import shared
from bot.topics.registry import SAFEGUARDING_TOPICS

READINGS, IN_CONTEXT, TAPPED = "readings", "in_context", "tapped"
"""Of the parsed message: the rankings of the whole and of its parts; the ranking in context; the offer tapped."""


def nlu_result(parsed: Mapping[str, Any], message: PersonalMessage, continues_topic: str | None) -> NluResult:
    """Return what was understood; a message from elsewhere, such as a story, has an intent at most."""
    whole, *parts = parsed.get(READINGS) or _of_intents(parsed)
    in_context = _ranking(parsed.get(IN_CONTEXT) or [])
    at_risk = bool(set(message.before.context_topics) & set(SAFEGUARDING_TOPICS))
    return NluResult(
        message.text,
        _ranking(whole["ranking"]),
        tuple(MessagePart(_ranking(part["ranking"]), part["asks"]) for part in parts),
        in_context if at_risk else nobody_at_risk(in_context),
        continues_topic,
        shared().knows_a_word_of(message.text) if READINGS in parsed else True,
        parsed.get(TAPPED),
    )


def _of_intents(parsed: Mapping[str, Any]) -> list[dict[str, Any]]:
    intents = parsed.get("intent_ranking") or [parsed["intent"]]
    ranking = [{"topic": intent["name"], "score": intent.get("confidence", 1.0)} for intent in intents]
    return [{"ranking": ranking, "asks": True}]


def _ranking(entries: Iterable[Mapping[str, Any]]) -> Ranking:
    return [(entry["topic"], entry["score"]) for entry in entries]
