"""Whether a whole message means yes, no, both or neither."""

import pytest

from bot.dialogue import yes_no
from bot.dialogue.yes_no import Agreement
from bot.text.normalise import WordListError

READ = yes_no.load().read

YES = """
yes|Yes.|yeah|yep|ye|y|yup thats right mate|yep go on then|yes please tell them|ok do that|please do|go ahead|that's right
correct|sure thing|yes thanks mate|yes is ok|yes please note it|yes yes|yes that’s right thanks|Yes, tell staff|ok|okay then
yeah go for it|yass|please|yes pls|aye go on|definitely|of course|yes both|yes both please|i said yes|yes i think so|you can
yes please let them know|could you please|yes do it|yes is correct|if you could please|yes thank you very much|yh|kk
"""
NO = """
no|No!|nah|nope|no dont|no don't|no thanks leave it|not yet|dont bother|forget it|dont tell them|don't tell staff please
no thank you|no its ok|no that's fine thanks|no you're alright|please don't|please dont do that|do not note it|n|not now
never mind|nvm|cancel that|no need|theres no need to tell them|i'd rather not|id rather you didnt|ok no|ok dont
no way|nah ur alright|scrap that|no leave it mate|thats wrong|that's not what i meant|you dont have to tell them|no no no
"""
CONTRADICTS = """
yes no|no yes|yes wait no|yes but i might make it|no wait|wait|hang on|not sure|maybe|yes maybe|ok but not yet
yes i can come|no i can come|yes i will be there|yes im coming|yes if i am still ill|i dont know|yes and no|no but tell them im late
yes but dont tell them|yes actually no|ok wait
"""
NEITHER = """
what time is it|when is my next session|ok what time is it|no what time does it start|because i am ill|thanks
i have a hospital appointment|why do you need to know|yes who sees it|the 8th of december|hello||???
yes is it far|i cant come
"""


def cases(text, consent):
    return [(said, consent) for line in text.strip().splitlines() for said in line.split("|")]


@pytest.mark.parametrize(
    ("said", "consent"),
    [
        *cases(YES, Agreement.YES),
        *cases(NO, Agreement.NO),
        *cases(CONTRADICTS, Agreement.CONTRADICTS),
        *cases(NEITHER, Agreement.NEITHER),
    ],
)
def test_the_whole_message_is_read(said, consent):
    assert READ(said) is consent


def test_what_stands_behind_a_yes_is_given_out():
    assert yes_no.load().begins_with("Yes because I'm ill") == (Agreement.YES, "because im ill")


def test_a_bare_yes_in_the_file_is_told():
    data = {name: [[]] for name in ("weak_yes", "no", "negates", "doubt", "fillers")}
    with pytest.raises(WordListError, match="expected text"):
        yes_no.YesNo.from_data({**data, "yes": [[True]], "asks": []})


@pytest.mark.parametrize("said", ["hi. ", "yes no ", "no yes ok ", "ok but "])
def test_the_work_on_a_beginning_is_bounded_however_long_the_message_is(said):
    """A message of 2,000 characters was read once for each of its beginnings: for seconds, on everybody's processor."""
    read = []

    class Counting(yes_no.YesNo):
        def read(self, text):
            read.append(len(text.split()))
            return super().read(text)

    known = yes_no.load()
    Counting(known.phrases, known.question_words).begins_with(said * 300)
    assert sum(read) < 1000


def test_what_follows_a_yes_of_many_words_is_still_given_out():
    said = "yes yes ok yes please yes thanks ok"
    assert yes_no.load().begins_with(f"{said} my bus is at nine") == (Agreement.YES, "my bus is at nine")
