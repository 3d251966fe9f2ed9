"""The page of questions: read, settled, proposed by one member of staff and decided by another."""

import re
from datetime import timedelta

import pytest
import yaml
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from bot.messages import Answer, AnswerOutcome
from bot.records.enums import Role, TrainingState
from bot.records.staff import members
from bot.records.tables import audit_entry
from bot.review import feedback, question_stats
from bot.review.tables import question
from bot.training import added_questions, proposals, question_export, trainings
from bot.training.added_questions import AddedQuestions, FolderError
from bot.training.tables import proposal
from tests.support.staff_desk import NOW, PASSWORD

PAGE, PROPOSALS = "/staff/questions", "/staff/questions/proposals"
REPORT = {"figures": {"taught": [0, 1, 1], "wrong": [2, 9, 150]}, "failed": ["wrong"]}
LOST = Answer((), understood=AnswerOutcome.NOT_UNDERSTOOD)


def ask(staff_site, *texts, cluster_id=None):
    """Have questions asked; they are alike if they get the same ``cluster_id``."""
    with staff_site.record.writing() as connection:
        for text in texts:
            question_stats.note(connection, "sms", text, LOST, NOW)
        newest = select(question.c.id).order_by(question.c.id.desc()).limit(len(texts))
        ids = sorted(connection.execute(newest).scalars())
        if cluster_id:
            connection.execute(question.update().where(question.c.id.in_(ids)).values(cluster_id=cluster_id))
        return ids


def second(staff_site):
    """Sign another manager of the same office in."""
    with staff_site.record.writing() as connection:
        if members.find(connection, "second@example.org") is None:
            members.add(
                connection, "Bea Second", "second@example.org", Role.MANAGER, PASSWORD, "Example office", "test", NOW
            )
    return staff_site.signed_in("second")


def proposed(staff_site, *texts, topic="breaks", by="manager"):
    ids = ask(staff_site, *texts)
    fields = {"words": "\n".join(texts), "topic": topic, "question": ids}
    response = staff_site.signed_in(by).post(f"{PAGE}/propose", fields, PAGE)
    assert response.status_code == 303
    with staff_site.record.reading() as connection:
        return connection.execute(select(proposal.c.id).order_by(proposal.c.id.desc())).scalar()


def exported(staff_site):
    """Export what is approved, as the service does after each commit, and return it as it is in the files."""
    with staff_site.record.reading() as connection:
        question_export.export(connection, staff_site.added)
    return [entry.questions for entry in added_questions.entries(staff_site.added)]


def actions(staff_site):
    with staff_site.record.reading() as connection:
        return [tuple(row) for row in connection.execute(select(audit_entry.c.action, audit_entry.c.detail))]


@pytest.mark.on_each_database
def test_questions_stand_in_groups_the_most_asked_first_with_counts_by_week(staff_site):
    ask(staff_site, "is there a lift")
    ask(staff_site, "where can i park", "is there parking", cluster_id=77)
    with staff_site.record.writing() as connection:
        feedback.note(connection, NOW - timedelta(days=8), "screen", "missed_session", False, "what if the bus is late")
    manager = staff_site.signed_in("manager")
    page = manager.text(PAGE)
    assert page.index("“is there parking”") < page.index("“is there a lift”")
    assert "3 groups" in page
    assert "Asked 2 times; in the last 5 weeks 0, 0, 0, 0, 2, this week last." in page
    assert "The answer did not help: Missing a session." in page
    assert "“is there a lift”" not in manager.text(f"{PAGE}?why=unhelpful")
    assert "No question is waiting" in manager.text(f"{PAGE}?why=offered")
    assert ("questions read", "") in actions(staff_site)
    assert staff_site.signed_in().get(PAGE).status_code == 403


def test_a_long_list_is_paged(staff_site):
    ask(staff_site, *(f"question {a}{b}" for a in "abcde" for b in "abcdefghi"))
    manager = staff_site.signed_in("manager")
    first, last = manager.text(PAGE), manager.text(f"{PAGE}?page=3")
    assert "page 1 of 3" in first
    assert last.count("Asked 1 time") == 5
    for odd in ("0", "9999", "x", "-1", "²", "1" * 30):
        assert manager.get(f"{PAGE}?page={odd}").status_code == 200


def test_questions_are_settled_by_choosing_them(staff_site):
    first, second_, third = ask(staff_site, "where can i park", "is there parking", "can i park", cluster_id=77)
    manager = staff_site.signed_in("manager")
    alike = f"{PAGE}/{first}"
    assert manager.text(alike).count("Tue 24 Nov 2026, text message; not understood") == 3
    assert "Choose one question or more" in manager.post(alike, {"do": "settle"}).text
    assert "dealt with" in manager.follow(alike, {"do": "settle", "chosen": [first, third]})
    with staff_site.record.reading() as connection:
        assert connection.execute(select(question.c.id)).scalars().all() == [second_]
    assert manager.get(alike).status_code == 404
    assert manager.post(f"{PAGE}/{second_}", {"do": "settle", "chosen": ["999"]}).status_code == 400
    assert manager.post(f"{PAGE}/{second_}", {"do": "anything", "chosen": [second_]}).status_code == 400


@pytest.mark.on_each_database
def test_a_question_is_proposed_reworded_and_approved_by_another(staff_site):
    first, other = ask(staff_site, "can i vape when dave is there", "where is the smoking area", cluster_id=5)
    manager = staff_site.signed_in("manager")
    page = manager.post(f"{PAGE}/{first}", {"do": "add", "chosen": [first, other]})
    assert page.status_code == 200
    assert "can i vape when dave is there\nwhere is the smoking area" in page.text
    fields = {"words": "can i [vape] outside\n\n - where is the smoking area\n", "topic": "breaks"}
    told = manager.follow(f"{PAGE}/propose", {**fields, "question": [first, other]}, PAGE)
    assert "You proposed this: somebody else decides." in told
    assert "No question is waiting" in manager.text(PAGE)

    assert "Somebody else decides" in manager.follow(f"{PROPOSALS}/1/approve", {}, PROPOSALS)
    assert not list(staff_site.added.iterdir())
    bea = second(staff_site)
    assert "Proposed by Max Invented" in bea.text(PROPOSALS)
    assert "They are learnt with the next training" in bea.follow(f"{PROPOSALS}/1/approve", {}, PROPOSALS)
    assert not list(staff_site.added.iterdir()), "a file is written after the commit, and not by a page"
    exported(staff_site)
    written = yaml.safe_load((staff_site.added / "breaks.yml").read_text("utf-8"))
    (entry,) = written["nlu"]
    assert entry["intent"] == "breaks"
    assert entry["metadata"]["author"] == "staff"
    assert entry["examples"] == "- can i (vape) outside\n- where is the smoking area\n"
    assert bea.post(f"{PROPOSALS}/1/approve", {}, PROPOSALS).status_code == 404
    with staff_site.record.reading() as connection:
        assert connection.execute(select(question.c.id)).all() == []
    assert {("questions proposed", "breaks"), ("questions approved", "proposal 1, breaks")} <= set(actions(staff_site))


def test_what_is_outside_the_leaflet_is_proposed_as_such(staff_site):
    (own,) = ask(staff_site, "who won the match")
    manager = staff_site.signed_in("manager")
    page = manager.post(f"{PAGE}/{own}", {"do": "outside", "chosen": [own]}).text
    assert re.search(r'<option value="out_of_scope" selected', page)
    assert "Outside the leaflet" in manager.follow(
        f"{PAGE}/propose", {"words": "who won the match", "topic": "out_of_scope", "question": [own]}, PAGE
    )


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("", "Enter one question or more"),
        ("when is it\nring 07700 900123", "Question 2 has a number"),
        ("x" * 501, "longer than 500 characters"),
        ("\n".join(f"question {'a' * n}" for n in range(1, 23)), "20 questions or fewer"),
        ("may p03 come late", "has a number, a reference"),
    ],
)
def test_req_18_a_proposal_that_could_tell_whose_it_is_is_refused(staff_site, words, told):
    (own,) = ask(staff_site, "may i come late")
    page = staff_site.signed_in("manager").post(
        f"{PAGE}/propose", {"words": words, "topic": "breaks", "question": [own]}, PAGE
    )
    assert page.status_code == 400
    assert told in page.text
    assert "Error: Propose questions" in page.text


def test_a_topic_that_must_not_be_taught_cannot_be_chosen(staff_site):
    (own,) = ask(staff_site, "may i come late")
    manager = staff_site.signed_in("manager")
    for topic in ("crisis", "child_at_risk", "nonsense", ""):
        fields = {"words": "may i come late", "topic": topic, "question": [own]}
        assert manager.post(f"{PAGE}/propose", fields, PAGE).status_code == 400, topic


def test_a_refusal_says_by_whom_and_why_and_the_question_waits_again(staff_site):
    id_ = proposed(staff_site, "can i vape outside")
    bea = second(staff_site)
    assert "Enter why not" in bea.post(f"{PROPOSALS}/{id_}/refuse", {"reason": " "}).text
    page = bea.follow(
        f"{PROPOSALS}/{id_}/refuse", {"reason": "that is about the building"}, f"{PROPOSALS}/{id_}/refuse"
    )
    assert "decided by Bea Second" in page
    assert "“that is about the building”" in page
    assert "“can i vape outside”" in bea.text(PAGE)
    assert bea.get(f"{PROPOSALS}/{id_}/refuse").status_code == 404


def test_the_proposer_cannot_refuse_either(staff_site):
    id_ = proposed(staff_site, "can i vape outside")
    manager = staff_site.signed_in("manager")
    shown = f"{PROPOSALS}/{id_}/refuse"
    assert "Somebody else decides" in manager.follow(shown, {"reason": "no"}, shown)


def test_the_database_itself_wants_a_second_person(empty_record):
    values = {"key": "k", "topic": "breaks", "words": "x", "proposed_by": "staff:1", "proposed_at": NOW}
    with pytest.raises(IntegrityError), empty_record.engine.begin() as connection:
        connection.execute(insert(proposal).values(**values, decided_by="staff:1", state="approved"))


def test_an_approval_is_taken_back(staff_site):
    first, other = proposed(staff_site, "can i vape outside"), proposed(staff_site, "is there a smoking area")
    bea = second(staff_site)
    for id_ in (first, other):
        bea.follow(f"{PROPOSALS}/{id_}/approve", {}, PROPOSALS)
    assert "learns 2 proposals" in bea.text(PROPOSALS)
    assert "taken back" in staff_site.signed_in("manager").follow(f"{PROPOSALS}/{first}/take-back", {}, PROPOSALS)
    assert exported(staff_site) == [("is there a smoking area",)]
    bea.follow(f"{PROPOSALS}/{other}/take-back", {}, PROPOSALS)
    assert exported(staff_site) == []
    assert list(staff_site.added.glob("*.yml")) == []
    assert "Nothing is waiting to be learnt" in bea.text(PROPOSALS)
    assert bea.post(f"{PROPOSALS}/{other}/take-back", {}, PROPOSALS).status_code == 404


def test_where_the_files_cannot_be_written_the_approval_stands_and_they_are_written_later(staff_site):
    id_ = proposed(staff_site, "can i vape outside")
    staff_site.added.rmdir()
    staff_site.added.write_text("in the way")
    assert second(staff_site).post(f"{PROPOSALS}/{id_}/approve", {}, PROPOSALS).status_code == 303
    with pytest.raises(FolderError, match="cannot be written"):
        exported(staff_site)
    with staff_site.record.reading() as connection:
        assert connection.execute(select(proposal.c.state)).scalars().all() == ["approved"]
    staff_site.added.unlink()
    assert exported(staff_site) == [("can i vape outside",)]


# Training, as the page shows it


@pytest.mark.on_each_database
def test_a_training_is_asked_for_once_and_holds_decisions_up(staff_site):
    first, other = proposed(staff_site, "can i vape outside"), proposed(staff_site, "is there a smoking area")
    bea = second(staff_site)
    bea.follow(f"{PROPOSALS}/{first}/approve", {}, PROPOSALS)
    page = bea.follow(f"{PAGE}/train", {}, PROPOSALS)
    assert "A training is asked for" in page
    assert "is waiting to begin" in page
    assert "under way already" in bea.follow(f"{PAGE}/train", {}, PROPOSALS)
    assert "wait until it has ended" in bea.follow(f"{PROPOSALS}/{other}/approve", {}, PROPOSALS)
    assert "wait until it has ended" in bea.follow(f"{PROPOSALS}/{first}/take-back", {}, PROPOSALS)
    with staff_site.record.writing() as connection:
        id_ = trainings.claim(connection, NOW)
        assert trainings.claim(connection, NOW) is None
        trainings.finish(connection, id_, TrainingState.REFUSED, NOW, REPORT)
    page = bea.text(PROPOSALS)
    assert "did worse than may be" in page
    assert "It answers 9 of them wrongly, the old model 2. That is too far off." in page
    assert "Of what it was taught it answers 1 of 1, the old model 0." in page
    assert "learns 1 proposal" in page


def test_one_training_at_a_time_and_a_dead_one_ends(empty_record):
    with empty_record.writing() as connection:
        assert trainings.request(connection, "staff:1", NOW)
        assert not trainings.request(connection, "staff:2", NOW)
        id_ = trainings.claim(connection, NOW)
        trainings.heartbeat(connection, id_, NOW + timedelta(seconds=50))
        assert trainings.claim(connection, NOW + timedelta(seconds=100)) is None
        assert trainings.under_way(connection)
        assert trainings.claim(connection, NOW + timedelta(seconds=111)) is None
        (ended,) = trainings.latest(connection)
        assert (ended.state, ended.report) == (TrainingState.FAILED, {"why": "stopped"})
        assert trainings.request(connection, "staff:2", NOW)


def test_a_model_is_used_until_what_it_holds_is_taken_back(empty_record):
    with empty_record.writing() as connection:
        id_ = proposals.propose(connection, "breaks", ["can i vape"], [], "staff:1", NOW)
        key = proposals.approve(connection, id_, "staff:2", NOW).key
        trainings.request(connection, "staff:1", NOW)
        own = trainings.claim(connection, NOW)
        trainings.finish(connection, own, TrainingState.ACCEPTED, NOW, {}, "m.tar.gz", "sources", [key])
        assert proposals.one(connection, id_).state == "in_model"
        assert trainings.usable(connection, "sources").model == "m.tar.gz"
        assert trainings.usable(connection, "newer sources") is None
        assert trainings.pending_changes(connection) == trainings.PendingChanges(0, 0)
        proposals.revoke(connection, id_, NOW)
        assert trainings.usable(connection, "sources") is None
        assert trainings.pending_changes(connection) == trainings.PendingChanges(0, 1)
        assert proposals.purge_expired(connection, NOW + timedelta(days=1)) == 1
        assert trainings.usable(connection, "sources") is None  # also when the proposal is forgotten


# The files


def test_entries_that_the_service_does_not_know_stay(tmp_path):
    (tmp_path / "breaks.yml").write_text(
        'version: "3.1"\nnlu:\n  - intent: breaks\n    examples: |\n      - written by hand\n', "utf-8"
    )
    mine = AddedQuestions("k1", "breaks", ("can i vape", "a: b #c {d}"))
    assert added_questions.sync(tmp_path, [mine], {"k1"})
    assert not added_questions.sync(tmp_path, [mine], {"k1"})
    assert [entry.questions for entry in added_questions.entries(tmp_path)] == [("written by hand",), mine.questions]
    assert added_questions.sync(tmp_path, [], {"k1"})
    assert [entry.questions for entry in added_questions.entries(tmp_path)] == [("written by hand",)]
    assert [file.name for file in tmp_path.iterdir()] == ["breaks.yml"]


def test_a_file_that_is_no_training_data_is_named(tmp_path):
    (tmp_path / "breaks.yml").write_text("nlu: 7", "utf-8")
    with pytest.raises(FolderError, match=r"breaks\.yml cannot be read"):
        added_questions.entries(tmp_path)
