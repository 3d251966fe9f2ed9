"""Wishes about being written to: what stops, what starts, what does neither."""

import random

import pytest

from bot.conversation.reading.consent_phrases import load
from bot.conversation.reading.wishes import Wish
from bot.text.clean import MAX_CHARACTERS

CONSENT = load()
STOPS = """
STOP | stop | Stop. | STOP!!! | stop stop stop | Stop. Thank you | hi stop | ok stop | please stop | Stop thanks | Stop thx
Stop ty | Stop ok | no stop | yes stop | Stop please and thank you | STOP. Dave | Stop - from Dave | Stop, I'm at work
st op | s top | Start. Stop! | STOP Get Outlook for Android | Stop who is this | stop who are you | St0p | s t o p | S.T.O.P. | stöp | “STOP”
OPTOUT | opt out | Opt-out please | revoke | QUIT | quit please | end. | END please | UNSUBSCRIBE | unsubscibe
Please unsubscribe me | stopall | stop all | stop it | stop this | stop everything | stop now | can you stop
Stop, wrong number | STOP - wrong number | STOP wrong person | stop you have the wrong number | stop wrong number
wrong number pls stop | sorry wrong number. STOP | this is the wrong number please stop texting me | stop im not him
pls stop msging | plz stop msging me | please stop texting me | Can you stop sending me messages? | stop bothering me
stop texting me again and again | stop txtin me | fuck off and stop texting | stop sending me these | cancel texts
I want to stop getting these texts | no more texts | dont text me | do not contact me again | don't send me any more texts
leave me alone | leave me alone and stop messaging | Please remove my number from your list | i want to opt out
STOP I do not want any more messages | Stop. Do not text me again | stop i dont want these texts | Reply STOP
I don't want these messages any more | i want these texts to stop | Turn the notifications off | stop. my phone never shuts up
Will you stop texting me, you're driving me up the wall. End it. | STOP: I never signed up | stop mate wrong guy
"""
STOPS_WITH_LINES = [
    "Stop.\nThanks\nJohn",
    "STOP\n\nSent from my iPhone",
    "STOP\n--\nDave Smith\nPlumber",
    "Hi\nSTOP\nregards",
]
GO_ON = """
please dont stop texting me | dont stop messaging me | dont stop the messages | please don't stop | don't stop
switch the texts back on | turn messages back on | i want the messages back | i changed my mind start texting again
i didnt mean to stop | I never meant to stop the messages | can you text me again please | i want to keep getting messages
turn the reminders back on please | put me back on the list | stop was a mistake | i sent STOP by mistake
keep the texts coming | Do not unsubscribe me | carry on texting me | can you switch my texts on again
why have the texts stopped | i still want the messages | i dont want to stop the texts | i said dont stop
stop texting on tuesdays? no dont stop | Stop? No, please don't stop. | stop? no i want them | Unsubscribe? nope i still want these
i changed my mind i want them again | Changed my mind, I need the texts back | changed my mind can i have them back
"""
STARTS = "START | Start please | start pls | Start, thanks | unstop | restart | resume | opt in | resubscribe | opt me back in"
STARTS_SAID = "start again | START, Dave | Start - thank you, Jo | start texting me again | start the texts again please | start sending messages | unstop me please"
CANCELS = "cancel | Cancel please | cancel. | ok cancel"
CONFIRM = """
i’ve got 2 stop | ive got to stop soon | stop it now | how do i stop the texts | dont text me at night | who do I tell to stop these texts
i want to stop | stop me
"""
WRONG_NUMBER = """
wrong number | u got wrong number mate | Sorry, you have the wrong number | i think you have the wrong person
this isn't Dave's number | this is not his phone | im not him | wrong person mate | I've just got this number
you must have the wrong number | nobody called that here, wrong number | rong number | Worng number mate | this isnt for me
This text isn't meant for me, sorry | I think this was meant for somebody else | your message was intended for another person
new phone who dis | are you sure you've got the right number | u sure u got the right person | how did you get my number
who gave you this number | This is Susan's phone | its not me | he doesn't live here any more | I don't know any Kevin
this phone used to belong to someone else
"""
NEITHER = """
stop sending me to the wrong room | stop it now number? | stop worrying about tuesday? | stop smoking help | stop usin big words
end of session time | end date? | cancel tuesday | cancel my session | quit smoking | can i quit the group | when does it end
make it stop | i want it to stop | i cant stop drinking | i never stop crying | i need to stop texting my ex
i want to stop messaging people | help me stop | stop him | please stop him hes hitting me | stop me from hurting someone
what time does it start | start time | when do i start | so i start all over again? | do i have to start the block again
end it all | end it | i want to end it | can you send me the dates again | text me my dates | i rang the wrong number
i went to the wrong room | is it ok to keep my phone on | what happens if i stop coming | stop the group | bus stop
which stop do i get off at | do we stop for lunch | i dont want to come | i dont want to live | dont tell them | no | yes
can i stop the sessions | thanks | how many more can i miss | do they message my family | do you text my mum
this group isnt for me | i dont live here any more | i dont know any of the rules | is this the right number for complaints
my last message was meant for my mate | it was meant for tuesday | i changed my mind about coming | START, when is it?
i want them to stop shouting | they took my kids i want them back | could they put me on another one | can i have that last answer again | stop all this rubbish ill be gone by summer you will see what i mean by it
"""


def listed(texts):
    return [text.strip() for line in texts.strip().splitlines() for text in line.split(" | ")]


@pytest.mark.parametrize("text", listed(STOPS) + STOPS_WITH_LINES)
def test_stops_at_once(text):
    assert CONSENT.read(text) is Wish.STOP


@pytest.mark.parametrize(
    ("texts", "wish"),
    [
        (GO_ON, Wish.GO_ON),
        (STARTS, Wish.START),
        (STARTS_SAID, Wish.START_SAID),
        (CANCELS, Wish.CANCEL),
        (CONFIRM, Wish.CONFIRM),
        (WRONG_NUMBER, Wish.WRONG_NUMBER),
        ("HELP | info | Info.", Wish.WHO),
        (NEITHER, Wish.NONE),
    ],
)
def test_says_what_it_says(texts, wish):
    assert {text: CONSENT.read(text) for text in listed(texts)} == dict.fromkeys(listed(texts), wish)


@pytest.mark.parametrize("text", ["", " ", "😀", "\0", "\ud83d", "stop " * 5000, "A. " * MAX_CHARACTERS, "ж" * 500])
def test_any_text_is_read(text):
    assert CONSENT.read(text) in Wish


def test_any_words_in_any_order_are_read():
    chance = random.Random(20261128)
    words = [*listed("stop | STOP | end | s.t.o.p. | s | t | o | p | please | hi | texting | messages | me | it"), "\n"]
    words += listed(". | , | ? | ! | - | i | dont | again | start | cancel | now | 😀 | wrong number | not him")
    for _ in range(3000):
        text = " ".join(chance.choices(words, k=chance.randint(1, 7)))
        assert CONSENT.read(text) in Wish


@pytest.mark.parametrize("text", ["turn messages back on", "can i start again", "resubscribe me", "start again please"])
def test_writing_of_starting_is_noticed(text):
    assert CONSENT.of_starting(text)


@pytest.mark.parametrize("text", ["hello", "what time is it", "stop", "i did it again", "i cant go on"])
def test_anything_else_is_no_writing_of_starting(text):
    assert not CONSENT.of_starting(text)
