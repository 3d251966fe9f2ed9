"""Whose words a message holds: the person's own, the bot's quoted back, or a telephone's."""

import pytest

from bot.conversation.reading.bot_phrases import OwnWords
from bot.conversation.reading.reactions import load
from bot.replies import wording
from bot.settings import Settings
from bot.text.text import Text

WORDS = wording.load("isotp", "en")
REACTIONS = load(OwnWords(WORDS, Settings().office).said)
CRISIS = "If your life is in danger now, call 999. Samaritans listen day and night: call 116 123, free."
FORMS = [
    "Liked “{}”", "Loved “{}”", "Disliked “{}”", "Laughed at “{}”", "Emphasized “{}”", "Emphasised “{}”", "Questioned “{}”",
    "Reacted 😂 to “{}”", "Reacted with ❤️ to “{}”", "Removed a heart from “{}”", "Removed an exclamation from “{}”",
    "Removed a like from “{}”", "Removed a question mark from “{}”", "Removed 😂 from “{}”", 'Liked "{}"', "Laughed at '{}'",
    "\u200a👍\u200a to “\u200a{}\u200a”", "❤️ to “{}”", "Laughed at “{}…”", "Disliked “{}", "laughed at “{}”",
]  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("cut", [len(CRISIS), 44])
def test_a_reaction_to_a_text_of_the_bots_says_nothing_and_needs_no_answer(form, cut):
    heard = REACTIONS.read(Text(form.format(CRISIS[:cut])))
    assert (heard.words.raw, heard.answer) == ("", False)


@pytest.mark.parametrize("form", FORMS[:16])
def test_words_beside_the_quotation_count(form):
    heard = REACTIONS.read(Text(form.format(CRISIS) + " what is the dress code"))
    assert (heard.words.raw, heard.said.raw, heard.answer) == ("what is the dress code",) * 2 + (True,)


@pytest.mark.parametrize("form", FORMS[:15])
def test_a_reaction_to_anything_else_needs_no_answer_and_hides_no_danger(form):
    text = form.format("i want to die")
    heard = REACTIONS.read(Text(text))
    assert (heard.words.raw, heard.answer) == (text, False)


@pytest.mark.parametrize("text", ["Loved an image", "Liked a photo", "Reacted 👍 to your message", "Laughed at a video", "Removed a heart from an image"])  # fmt: skip
def test_a_reaction_to_a_picture_needs_no_answer(text):
    assert not REACTIONS.read(Text(text)).answer


def test_a_quotation_of_the_bots_inside_a_message_is_not_the_persons_word():
    assert REACTIONS.read(Text(f"“{CRISIS}” what is this")).words.raw == "what is this"
    assert REACTIONS.read(Text("he said “i want to die” to me")).words.raw == "he said “i want to die” to me"


@pytest.mark.parametrize(
    "text",
    [
        "I'm driving right now. I'll get back to you later.",
        "Auto reply: I am on holiday until Monday",
        "Auto-Reply: back at 5",
        "Automatic reply: Out of office",
        "[Auto-reply] I'm busy, will call later",
        "This is an automated response. I will reply soon.",
        "Sorry, I missed your call",
        "Sorry I missed your call, I'll call you back",
        "I'm in a meeting, can I call you later?",
        "Sorry, I can't talk right now.",
        "Can't talk now. Call me later?",
        "Can I call you later?",
        "I'll call you right back.",
        "I’m driving with Do Not Disturb turned on. I’ll see your message when I get where I’m going.",
        "I'm driving with Focus turned on. I'll see your message when I get where I'm going.",
        "Hi, thank you for your message. I am currently out of the office and will reply on my return.",
        "Sorry, I'm busy. Call back later.",
        "I am currently unavailable. Please leave a message.",
    ],
)
def test_what_a_telephone_answers_by_itself_needs_no_answer(text):
    assert not REACTIONS.read(Text(text)).answer


@pytest.mark.parametrize(
    "text",
    [
        "I'm driving right now and running late for the session",
        "I'm on holiday next tuesday",
        "i'm busy on tuesday",
        "sorry i'm at work",
        "im in a meeting on tuesday can i miss it",
        "i cant talk to anyone",
        "i cant talk right now i want to die",
        "loved it",
        "I liked the “group” thing",
        "laughed at me in the group",
        "What's up?",
        "thanks",
        "sorry",
        "can i ring you",
        "I'm driving. can i be late?",
        "hello",
        "",
    ],
)
def test_what_a_person_writes_is_heard_whole(text):
    heard = REACTIONS.read(Text(text))
    assert (heard.words.raw, heard.said.raw, heard.answer) == (text, text, True)
