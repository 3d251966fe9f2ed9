"""Every answer is held against its topic and the leaflet's claims, and none slips through."""

import shutil

import pytest
import yaml

from bot.replies import answer_files
from bot.replies.answer_check import AnswerCheck
from bot.topics.registry import Topic, TopicRole, registry

TOPIC = Topic("car_park")
ANSWER = {
    "version": "3.1",
    "source": "leaflet",
    "responses": {
        "utter_isotp_en_car_park": [
            {"text": "There is a car park.", "metadata": {"section": "Further information", "title": "Parking"}},
            {"text": "There is a car park.", "channel": "sms"},
            {"text": "You can park a car.", "channel": "easy"},
        ]
    },
    "claims": {"required": ["^there is a car park$"]},
    "easy_claims": {"required": ["^you can park a car$"]},
}
"""An invented answer about an invented leaflet."""


@pytest.fixture
def answers(tmp_path):
    """The project's answers, with room for another one."""
    shutil.copytree(answer_files.ANSWERS, tmp_path / "answers")
    return tmp_path / "answers"


def wrong(answers, given, name="car_park", topics=None):
    """Return what is said of the answer ``given``, put beside the others."""
    (answers / "isotp" / "en" / f"{name}.yml").write_text(yaml.safe_dump(given, sort_keys=False), "utf-8")
    found = AnswerCheck("isotp", "en", answers).violations([*registry(), TOPIC] if topics is None else topics)
    return [violation.text for violation in found]


def changed(path, value):
    """Return the invented answer with the entry at ``path`` set to ``value``, or left out where that is None."""
    copy = yaml.safe_load(yaml.safe_dump(ANSWER))
    *way, last = path
    place = copy
    for step in way:
        place = place[step]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return copy


def at(number, *more):
    return ("responses", "utter_isotp_en_car_park", number, *more)


def test_no_answer_of_the_project_lacks_anything():
    assert [str(violation) for violation in AnswerCheck("isotp", "en").violations()] == []


def test_an_answer_with_section_claims_and_all_its_wordings_passes(answers):
    assert wrong(answers, ANSWER) == []


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (("claims",), None, "no claims"),
        (("easy_claims",), None, "no claims"),
        (("claims", "required"), [], "no claims"),
        (("claims", "required"), ["^there is a car park$", "it is free"], "differ in number"),
        (at(0, "metadata", "section"), None, "section is None"),
        (at(0, "metadata", "section"), "Parking and trams", "expected one of the leaflet's headings"),
        (at(0, "metadata", "title"), None, "no title"),
        (("source",), None, "source is None"),
        (("source",), "service", "source is 'service'"),
        (at(0, "text"), "There is a car park. It costs 2 pounds.", "not in the leaflet"),
        (at(1, "text"), "There is no car park.", "does not say"),
        (at(2, "text"), "You can park a car. It is free.", "not in the leaflet"),
        (at(0, "text"), "TODO", "placeholder"),
        (at(1), None, "no wording of its own for sms"),
        (at(2), None, "no wording of its own for easy"),
        (at(1, "text"), "There is a car park. " * 40, "longer than 3 parts"),
    ],
)
def test_an_answer_that_lacks_something_or_states_what_the_leaflet_does_not_fails(answers, path, value, said):
    assert [text for text in wrong(answers, changed(path, value)) if said in text]


def test_a_topic_without_an_answer_fails(answers):
    found = AnswerCheck("isotp", "en", answers).violations([*registry(), TOPIC])
    assert [str(v) for v in found] == ["car_park: no answer: expected data/answers/isotp/en/car_park.yml"]


def test_an_answer_without_an_intent_fails(answers):
    assert wrong(answers, ANSWER, topics=registry()) == ["its answer has no intent in domain.yml"]


def test_an_answer_that_only_says_it_states_nothing_of_the_leaflet_fails(answers):
    """Its topic's own file has to say so too, and then it may neither cite the leaflet nor have claims."""
    for source in ("service", "record"):
        assert wrong(answers, changed(("source",), source))
    talk = Topic("car_park", TopicRole.SMALL_TALK)
    assert "it has claims" in " ".join(wrong(answers, changed(("source",), "service"), topics=[*registry(), talk]))


def test_an_answer_that_is_never_offered_has_no_title(answers):
    quiet = Topic("car_park", never_offered=True)
    assert wrong(answers, ANSWER, topics=[*registry(), quiet]) == ["it has a title, and is never offered"]


def test_what_the_leaflet_says_under_figures_of_the_record_is_held_against_claims_too(answers):
    file = answers / "isotp" / "en" / "phrases" / "misses_rule.yml"
    given = yaml.safe_load(file.read_text("utf-8"))
    given["responses"]["utter_isotp_en_misses_rule"][1]["text"] += " Miss three and you pay."
    file.write_text(yaml.safe_dump(given), "utf-8")
    (found,) = AnswerCheck("isotp", "en", answers).violations()
    assert "miss three and you pay" in found.text


def test_a_phrase_that_cites_the_leaflet_without_claims_fails(answers):
    file = answers / "isotp" / "en" / "phrases" / "turns.yml"
    given = yaml.safe_load(file.read_text("utf-8"))
    given["responses"]["utter_isotp_en_empty"][0]["metadata"] = {"section": "Further information"}
    file.write_text(yaml.safe_dump(given), "utf-8")
    (found,) = AnswerCheck("isotp", "en", answers).violations()
    assert "section of the leaflet" in found.text
