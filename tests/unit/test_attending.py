"""Whether a message says that somebody comes, does not, will be late, or was not there."""

import pytest

from bot.dialogue import attending
from bot.dialogue.attending import Attending
from bot.text.normalise import WordListError, normalise

RULES = attending.load()

COMES = """
i will be there tuesday|ill be in on tuesday|i can make it on tuesday|im not missing tuesday|i can't not come on tuesday
won't be missing tuesday|nothing stopping me coming|i'll make it|im coming on tuesday dont worry|i can come thursday after all
actually i can come now|i feel better now i will come|gonna be there tuesday|see you tuesday|count me in|yes i can come
no wait i can come|coming tuesday|i wont miss it|i would not miss it for the world|i am able to attend|i am going to be there
dont worry i'll be there|i will definitely be there tuesday|im still coming|i am attending on tuesday|will be there
i think i can come|i dont think i will miss it|no i can come|ok i will come|there is no way i'm missing it|i am in on tuesday
yes i can actually, sorted a lift|i can though|i can tuesday
i can do tuesday|i can make tuesday|my car is fixed so i can make it|yes im coming|i will not be missing the session on tuesday
i am not going to miss tuesday|turns out i can come|i never miss a session|im coming to the group on tuesday
tell them i can come|i will turn up|i can now attend|i said i couldn't come but now i can|im no longer away on tuesday|yes i can
dont worry ill be at tuesdays session|im planning on being there tuesday|i've got no reason not to come tuesday|im good for tuesday
"""
CANNOT = """
i cant come on tuesday|cant come tuesday|wont be there|i will not be there|not coming tuesday|i cannot make it|unable to attend
i'm going to miss tuesday|i wont make it tuesday|i dont think i can come|i doubt i can make it|not gonna be in tuesday
i have to miss tuesday|cant do tuesday|not going to be able to make it|i am not able to come|im not coming
sorry cant come tonight|hi i can't make it tomorrow|there's no way i can come|i can no longer come tuesday|count me out
i wont be able to attend|im unable to make tuesday|i missed my bus so i cant come|i might not be able to come
cant make the 8th|i will be absent on tuesday|i wont be coming in|because im ill i cant come|i can't attend tuesday or the 8th
i can come on the 1st but not on the 8th|coming monday, not thursday|im on holiday the 8th till the 20th|away from 7 dec to 16 dec
i am in hospital on tuesday|im working tuesday|sorry on leave all next week
i will be missing tuesday|not able to come tuesday|i am not going to be there|never going to make it by tuesday
"""
LATE = """
im going to be late tuesday|running late today|ill be 10 minutes late|i might be late|i'll be there but late
i can come but will be a bit late|wont be there til 7|cant get there until half 6|i will be late for the session|im late
i wont be there on time
"""
MISSED = """
i missed tuesday|sorry i missed tuesday|i missed tuesday sorry|i wasnt there on tuesday|i couldnt make it on tuesday
i didnt come tuesday|i couldn't come last tuesday|i did not attend on tuesday|forgot to come sorry i forgot|i missed the last one
i was not there|i didnt make it tuesday|never came tuesday|didnt turn up last week|i was unable to attend on tuesday|i wasn't in on tuesday
i overslept and missed it|i wasn't at group tuesday|i was ill on tuesday|i was off sick on tuesday
"""
UNSURE = "yes but i might make it|i might come|i'll try to come|i should be able to make it|maybe i can come|hopefully i can come"
UNSAID = """
can i come on tuesday|what if i cant come|will i be there|do i have to come|is dave coming on tuesday|who is coming
my mum is coming to stay|when is my next session|how many have i missed|have i missed one|something has come up|are you there
i will come back to you|i missed you|what happens if i miss one|is it ok if i come late|my mate is not coming|he cant come
make it the 8th instead|make it tuesday week instead|i will be in hospital|im in prison|where do i go|i like coming here|did dave come last week|thanks|yes|does it matter if im late
"""


def cases(text, meaning):
    return [(said, meaning) for line in text.strip().splitlines() for said in line.split("|")]


@pytest.mark.parametrize(
    ("said", "meaning"),
    [
        *cases(COMES, Attending.COMES),
        *cases(CANNOT, Attending.CANNOT),
        *cases(LATE, Attending.LATE),
        *cases(MISSED, Attending.MISSED),
        *cases(UNSURE, Attending.UNSURE),
        *cases(UNSAID, Attending.UNSAID),
    ],
)
def test_what_is_said_about_coming(said, meaning):
    assert RULES.read(normalise(said)) is meaning


def test_a_bare_on_in_the_file_is_told():
    with pytest.raises(WordListError, match="expected text"):
        attending.AttendingRules.from_data({"between": [True]})
