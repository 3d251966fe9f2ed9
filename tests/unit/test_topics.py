"""What each topic is, what teaches it, and how one begins."""

from dataclasses import replace

import pytest
import yaml

from bot.settings import ROOT
from bot.topics import question_check, questions, registry, skeleton
from bot.topics.questions import Question, QuestionKind
from bot.topics.registry import Topic, TopicError, TopicRole
from bot.training.neighbours import nearest


@pytest.fixture
def project(tmp_path):
    """A project of three topics."""
    for name in ("data/nlu", "data/answers/isotp/en"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "domain.yml").write_text(
        "intents:\n  # Answered from the leaflet\n  - breaks\n  - dress\n  # Neither\n  - thanks\n\nactions:\n  - one\n"
    )
    file(tmp_path, "breaks", ["is there a break"])
    file(tmp_path, "dress", ["what do i wear"])
    file(tmp_path, "thanks", ["ta"], "topic:\n  role: small_talk\n  never_offered: true\n")
    return tmp_path


def file(root, name, texts, head="", metadata="{author: a, kind: plain}"):
    """Write the questions of a topic."""
    lines = "".join(f"      - {text}\n" for text in texts)
    entry = f"nlu:\n  - intent: {name}\n    metadata: {metadata}\n    examples: |\n{lines}"
    (root / "data" / "nlu" / f"{name}.yml").write_text(f'version: "3.1"\n{head}{entry}', "utf-8")


# The registry


def test_a_topic_is_the_leaflets_unless_its_file_says_otherwise(project):
    assert registry.load(project) == (
        Topic("breaks"), Topic("dress"), Topic("thanks", TopicRole.SMALL_TALK, never_offered=True),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("topic:\n  role: chatter\n", "role 'chatter'; expected one of leaflet, record"),
        ("topic:\n  rolle: leaflet\n", "'rolle'; expected role, never_offered"),
        ("topic:\n  name: another\n", "'name'; expected role"),
    ],
)
def test_a_head_that_says_what_there_is_not_is_refused_with_its_file(project, head, said):
    file(project, "dress", ["what do i wear"], head)
    with pytest.raises(TopicError, match=said) as error:
        registry.load(project)
    assert "dress.yml" in str(error.value)


def test_the_sets_are_those_that_the_code_relies_on():
    assert list(registry.SAFEGUARDING_TOPICS) == ["crisis", "child_at_risk"]
    assert {"greeting", "thanks", "goodbye", "help", "bot_identity"} == registry.SMALL_TALK
    assert {"repeat", "unclear", "still_at_risk"} == registry.DIALOGUE_ACTS
    assert {"out_of_scope", "other_people"} == registry.OUT_OF_VOCABULARY_DEFAULTS
    quiet = {"out_of_scope", "other_people", "greeting", "thanks", "goodbye"}
    assert quiet | registry.SAFEGUARDING_TOPICS | registry.DIALOGUE_ACTS == registry.NEVER_OFFERED
    keeps = {"greeting", "thanks", "goodbye", "help", "out_of_scope"}
    assert keeps | registry.DIALOGUE_ACTS == registry.KEEPS_SAFEGUARDING
    assert registry.PERSONAL | {"crisis", "child_at_risk", "other_people"} == registry.NEVER_KEPT
    assert len(registry.PERSONAL) == 8
    assert registry.menu() == (
        "session_times", "missed_session", "rules", "what_is_involved", "my_next_session", "rights", "talk_to_staff",
    )  # fmt: skip


def test_a_set_of_topics_works_as_any_other_set():
    small_talk = registry.SMALL_TALK
    assert {"thanks", "dress"} & small_talk == {"thanks"}
    assert {"thanks", "dress"} - small_talk == {"dress"}
    assert small_talk | registry.DIALOGUE_ACTS == registry.DIALOGUE_ACTS | small_talk
    assert "dress" not in small_talk
    assert None not in small_talk


# Questions


def test_questions_are_read_with_their_kind_and_author(project):
    file(project, "dress", ["are jeans ok"], metadata="{author: b, kind: hard, also: [breaks]}")
    place = project / "data" / "nlu"
    assert questions.read(place, {QuestionKind.HARD}) == [
        Question("are jeans ok", "dress", QuestionKind.HARD, "b", ("breaks",), (), place / "dress.yml")
    ]
    assert len(questions.read(place)) == 3


@pytest.mark.parametrize("metadata", ["{author: a, kind: difficult}", "7"])
def test_a_file_that_cannot_be_read_is_named(project, metadata):
    file(project, "dress", ["what do i wear"], metadata=metadata)
    with pytest.raises(TopicError, match=r"dress\.yml"):
        questions.read(project / "data" / "nlu")


def test_a_question_that_is_given_to_two_topics_is_reported_with_both_places(project):
    file(project, "dress", ["what do i wear", "Is ther a break??"])
    (found,) = questions.collisions(questions.read(project / "data" / "nlu"))
    said = str(found)
    assert "breaks (data/nlu/breaks.yml:6)" in said
    assert "dress (data/nlu/dress.yml:7)" in said
    assert "also: [breaks]" in said


def test_a_question_that_two_topics_answer_by_agreement_is_not_reported(project):
    file(project, "dress", ["is there a break"], metadata="{author: a, kind: plain, also: [breaks]}")
    assert questions.collisions(questions.read(project / "data" / "nlu")) == []


def test_words_that_two_topics_share_on_purpose_are_not_reported(project):
    file(project, "dress", ["is there a break"], metadata="{author: a, kind: plain, overlaps: [breaks]}")
    assert questions.collisions(questions.read(project / "data" / "nlu")) == []


def test_texts_that_normalising_leaves_no_word_of_are_compared_as_typed(project):
    file(project, "dress", ["???"])
    file(project, "breaks", ["?"])
    assert questions.collisions(questions.read(project / "data" / "nlu")) == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"texts": ["TODO"]}, "placeholder"),
        ({"texts": ["one", "two"]}, "2 plain questions: expected 20"),
        ({"texts": ["one"], "metadata": "{kind: plain}"}, "no author"),
        ({"texts": ["one"], "metadata": "{author: a, also: [nothing]}"}, "'nothing' is no topic"),
    ],
)
def test_what_is_missing_in_the_questions_of_a_topic_is_said(project, given, said):
    file(project, "dress", **given)
    found = question_check.violations(registry.load(project), project / "data" / "nlu")
    assert [v for v in found if v.topic == "dress" and said in v.text]


def test_a_topic_without_questions_and_questions_without_a_topic_are_said(project):
    file(project, "parking", ["where do i park"])
    (project / "data" / "nlu" / "dress.yml").unlink()
    found = question_check.violations(registry.load(project), project / "data" / "nlu")
    said = [str(v) for v in found]
    assert "dress: no questions: expected data/nlu/dress.yml" in said
    assert "parking: its questions have no intent in domain.yml" in said


def test_neighbours_are_those_of_other_topics_nearest_first():
    import numpy as np

    vectors = {"shirt": (1, 0), "break": (0.9, 0.436), "shoes": (0, 1), "rights": (0.1, 0.995)}

    def question(text, topic, *also):
        return Question(text, topic, QuestionKind.PLAIN, "a", also, (), ROOT / "none.yml")

    asked = [
        question(*row) for row in (("shirt", "dress"), ("break", "breaks"), ("shoes", "dress"), ("rights", "rights"))
    ]

    def encode(texts):
        return np.array([vectors[text] for text in texts], np.float32)

    found = nearest("dress", asked, encode)
    assert [(n.question.text, n.other.text) for n in found] == [("shoes", "rights"), ("shirt", "break")]
    asked[3] = replace(asked[3], also=("dress",))
    assert [(n.question.text, n.other.text) for n in nearest("dress", asked, encode)] == [("shirt", "break")]
    assert nearest("nothing", asked, encode) == []


# How a topic begins


def test_a_skeleton_is_two_files_and_a_line(project):
    written = skeleton.new("car_park", "isotp", "en", root=project)
    names = ["data/nlu/car_park.yml", "data/answers/isotp/en/car_park.yml", "domain.yml"]
    assert [str(path.relative_to(project)) for path in written] == names
    domain = (project / "domain.yml").read_text()
    assert "  - dress\n  - car_park\n  # Neither\n" in domain
    assert [topic.name for topic in registry.load(project)] == ["breaks", "dress", "car_park", "thanks"]
    (asked,) = questions.read_file(written[0])
    assert (asked.text, asked.topic, asked.kind) == ("TODO", "car_park", QuestionKind.PLAIN)
    assert list(yaml.safe_load(written[1].read_text())["responses"]) == ["utter_isotp_en_car_park"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Car", "small letters"), ("car park", "small letters"), ("car2", "small letters"), ("_car", "small letters"),
        ("../car", "small letters"), ("c" * 41, "too long"), ("dress", "there is a topic dress already"),
        ("threat", "another response"),
    ],
)  # fmt: skip
def test_a_name_that_cannot_be_used_is_refused_and_nothing_is_written(project, name, said):
    before = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
    with pytest.raises(TopicError, match=said):
        skeleton.new(name, "isotp", "en", taken={"threat"}, root=project)
    assert {path: path.read_bytes() for path in project.rglob("*") if path.is_file()} == before


def test_a_file_that_is_there_already_is_not_overwritten(project):
    file(project, "car_park", ["where do i park"])
    with pytest.raises(TopicError, match="is there already"):
        skeleton.new("car_park", "isotp", "en", root=project)
    assert "car_park" not in (project / "domain.yml").read_text()
