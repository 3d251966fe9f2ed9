"""How sure the bot has to be before it speaks.

The numbers are chosen on training questions of authors held out (`python -m benchmarks.validate`); what they do on
questions that nothing was chosen on is in the report of `make faq-report`.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Thresholds:
    """Probabilities, each from 0 to 1, at which the bot dares to speak."""

    answer: float = 0.42
    """A topic at or above this is answered; below it, the bot asks which was meant."""
    out_of_scope: float = 0.24
    """Out of scope is answered at or above this; the answer names a person to ask, so it may be given sooner."""
    margin: float = 0.05
    """A topic is answered only if it leads the second one by at least this."""
    offer: float = 0.02
    """A topic below this is not offered when the bot asks which was meant."""
    fallback: float = 0.10
    """A message with no topic at or above this was not understood."""
    part: float = 0.65
    """A part of a message counts as a question of its own if its best topic is at or above this."""
    part_of_whole: float = 0.03
    """The topic of such a part must be at or above this in the whole message too."""
    risk: float = 0.14
    """A life or a child may be at risk at or above this; a false alarm costs a line of help, a miss costs more."""
    risk_ratio_to_best: float = 0.70
    """The risk topic must have at least this share of the best topic's score in the whole message."""
    risk_part: float = 0.65
    """A part of the message with a risk topic at or above this raises an alarm whatever the whole message is about."""
    risk_whole: float = 0.05
    """The risk topic of such a part must be at or above this in the whole message, and in the reading in context."""
    risk_followup: float = 0.10
    """After an answer about a risk, a message stays with it if the topics that stay add up to at least this."""
    risk_followup_discount: float = 0.25
    """They must also exceed this share of the best other topic's score in the message by itself."""
    standalone: float = 0.90
    """A message with a topic at or above this is not read in the context of the last answer."""
    context_only: float = 0.50
    """In context, a message that says nothing by itself ("why") is answered with a topic at or above this."""
    follow_up: float = 0.35
    """A message read in context is answered at or above this: by then three opinions agree."""


DEFAULTS = Thresholds()
"""What the service uses."""
