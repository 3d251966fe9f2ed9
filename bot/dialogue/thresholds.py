"""How sure the bot has to be before it speaks.

The numbers are chosen on training questions of authors held out (`python -m benchmarks.validate`); what they do on
questions that nothing was chosen on is in the report of `make faq-report`.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Thresholds:
    """Probabilities at which the bot dares to speak."""

    answer: float = 0.42
    """At or above: answered. Below: asked back."""
    outside: float = 0.24
    """The same for "the leaflet does not say", which names a person to ask and so costs little."""
    margin: float = 0.05
    """How far the best topic must lead the second to be answered."""
    offer: float = 0.02
    """A topic below this is not worth offering."""
    lost: float = 0.10
    """With no topic at or above this, nothing was understood."""
    part: float = 0.65
    """At or above, a part of a message counts as a question of its own,"""
    part_of_whole: float = 0.03
    """if its topic has at least this much of the whole message too."""
    life: float = 0.14
    """At or above, a life may be at risk: a false alarm costs a line of help, the other way costs more."""
    life_beside: float = 0.70
    """It must have at least this share of what the best topic has,"""
    life_in_a_part: float = 0.65
    """or a part of the message, read without what stands around it, must be at or above this"""
    life_of_whole: float = 0.05
    """and the whole message at or above that; so must what is read in the light of the last answer, in that light."""
    life_goes_on: float = 0.10
    """At or above, what is said after an answer about a life at risk is still about it,"""
    life_against: float = 0.25
    """once it has this share, besides, of what the message has for another topic by itself."""
    alone: float = 0.90
    """At or above, a message stands by itself, whatever was answered before."""
    in_its_light: float = 0.50
    """At or above, the last answer makes a topic of what says nothing by itself ("why")."""
    follow_up: float = 0.35
    """At or above, a message read in the light of the last topic is answered: by then three opinions agree."""


DEFAULTS = Thresholds()
"""What the service uses."""
