"""What the dialogue decided about one message: what was understood, what is said, and which alerts are raised."""

from dataclasses import dataclass, field

from bot.conversation.state import ConversationState
from bot.dialogue.choice import StepKind
from bot.dialogue.turn import Turn
from bot.messages import AnswerOutcome, File
from bot.topics.registry import SAFEGUARDING_TOPICS


@dataclass(frozen=True)
class BotResponse:
    """One thing that is said: its text, the leaflet's heading, and the titles of its buttons."""

    text: str
    section: str | None = None
    options: tuple[str, ...] = ()
    file: File | None = None
    topic: str | None = None
    """What it is the wording of, where it is a response as it stands."""
    refused: bool = False
    """Whether an answer from the record has to wait for a link or a PIN."""
    ask_again: str | None = None
    """What is to be asked again once that has come, where it is not the message itself ("yes")."""


@dataclass(frozen=True)
class Decision:
    """What came of one message."""

    responses: tuple[BotResponse, ...]
    topics: tuple[str, ...] = ()
    """The topics answered."""
    suggestions: tuple[str, ...] = ()
    """The topics offered."""
    confidence: float = 0.0
    """The probability, 0 to 1, of the reading that was acted on."""
    outcome: AnswerOutcome | None = None
    """How the bot got on; None for "none of these", which asks nothing."""
    picked: str | None = None
    """The topic that the message picked of those offered, and did nothing else."""
    near_danger: bool = False
    """Whether any reading gives a safeguarding topic at or above ``risk_whole``."""
    state: ConversationState = field(default_factory=ConversationState)
    """The conversation after it."""

    @property
    def alerts(self) -> tuple[str, ...]:
        """The topics that staff must hear of."""
        return tuple(topic for topic in self.topics if topic in SAFEGUARDING_TOPICS)

    @property
    def refused(self) -> bool:
        """Whether an answer from the record has to wait for a link or a PIN."""
        return any(response.refused for response in self.responses)

    @property
    def ask_again(self) -> str | None:
        """What is to be asked again once the PIN has come, where it is not the message itself."""
        return next((response.ask_again for response in self.responses if response.ask_again), None)

    @classmethod
    def of(cls, turn: Turn, responses: tuple[BotResponse, ...], *, near_danger: bool) -> "Decision":
        """Put together what ``turn`` came to."""
        state, step = turn.after, turn.step
        picked = step.topics[0] if step.picked and step.kind is StepKind.ANSWER else None
        return cls(
            responses,
            state.topics,
            state.suggestions,
            round(step.confidence, 4),
            _outcome(turn),
            picked,
            near_danger,
            state,
        )


def _outcome(turn: Turn) -> AnswerOutcome | None:
    if turn.after.topics:
        return AnswerOutcome.OUTSIDE if "out_of_scope" in turn.after.topics else AnswerOutcome.ANSWERED
    if turn.step.kind is StepKind.FALLBACK:
        return AnswerOutcome.NOT_UNDERSTOOD if turn.step.confidence < 1 else None
    return AnswerOutcome.OFFERED if turn.after.suggestions else None
