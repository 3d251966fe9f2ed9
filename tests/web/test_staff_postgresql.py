"""The pages of staff over PostgreSQL: a test of each kind from the other files, and every page once."""

import pytest
from conftest import RECORD, TEST_KEY, imported, postgresql_database
from staff_desk import NOW, PEOPLE, Served, add_members

# Collected here as well, with the desk below.
from test_staff_audit import test_a_manager_finds_who_read_about_whom, test_another_office_sees_nothing_of_it  # noqa: F401
from test_staff_figures import test_req_42_no_small_count_is_told_or_can_be_worked_out  # noqa: F401
from test_staff_groups import (  # noqa: F401
    test_a_cancelled_session_is_recorded_as_rescheduled_and_moving_it_brings_it_back,
    test_a_group_is_added_planned_and_shown,
)
from test_staff_guards import each
from test_staff_import import (  # noqa: F401
    test_everything_that_is_wrong_is_told_and_nothing_kept,
    test_files_are_checked_shown_and_imported,
)
from test_staff_people import (  # noqa: F401
    test_an_absence_is_decided_and_the_person_told_neutrally,
    test_req_33_a_person_is_removed_by_a_manager_who_types_the_reference,
)
from test_staff_questions import (  # noqa: F401
    test_a_question_is_proposed_reworded_and_approved_by_another,
    test_a_training_is_asked_for_once_and_holds_decisions_up,
    test_questions_stand_in_groups_the_most_asked_first_with_counts_by_week,
)
from test_staff_register import (  # noqa: F401
    register,
    test_a_catch_up_is_booked_moved_and_recorded,
    test_req_17_a_message_that_failed_is_seen,
    test_req_42_an_alert_waits_is_overdue_and_is_taken_on,
    test_two_facilitators_at_once_lose_nothing,
)
from test_staff_sign_in import test_req_32_signed_out_or_idle_shows_nothing_more  # noqa: F401

from bot.database.engine import open_database
from bot.database.migrate import migrate


@pytest.fixture
def desk():
    with postgresql_database() as url:
        opened = open_database(url, TEST_KEY, print)
        migrate(opened)
        assert imported(opened, RECORD).problems.found == []
        add_members(opened, PEOPLE, NOW)
        yield Served(opened)
        opened.engine.dispose()


def test_every_page_is_shown(desk):
    member = desk.signed_in("administrator")
    shown = {path: member.get(path).status_code for _, path in each(desk, "GET")}
    assert {path: status for path, status in shown.items() if status >= 500} == {}
    assert sum(status == 200 for status in shown.values()) >= 15
