"""Publishing needs a study library that leads everywhere a role may send somebody."""

import json

from assessments.instrument.checks import publishing_faults
from assessments.instrument.document import Questionnaire
from tests.instrument.small import small_data


def faults_with(change) -> list[str]:
    data = small_data()
    library = data["study"]["recommendations"]
    data["study"]["recommendations"] = [row for row in map(change, library) if row]
    document = Questionnaire.model_validate_json(json.dumps(data))
    return [fault.message for fault in publishing_faults(document)]


def test_a_full_library_has_no_fault():
    assert faults_with(lambda row: row) == []


def test_an_empty_cell_names_the_role_that_needs_it():
    found = faults_with(lambda row: None if row["key"] == "time-b-w" else row)
    assert found == [
        "The role `lead` may need `time` on the Manager side, from level 2 to 3: "
        "give steps of 6 hours in all (now 0)."
    ]


def test_hours_that_do_not_add_up_are_told():
    found = faults_with(lambda row: row | {"hours": 3} if row["key"] == "time-b-c" else row)
    assert len(found) == 1
    assert found[0].endswith("give steps of 2 hours in all (now 3).")


def test_reading_alone_does_not_lead_past_the_first_level():
    found = faults_with(lambda row: row | {"kind": "C"} if row["key"] == "time-b-e" else row)
    assert found == [
        "Give `time` on the Manager side, from level 1 to 2 an exercise or an artefact (E or A)."
    ]


def test_what_no_role_needs_may_be_empty():
    # The specialist needs nothing on the far side at -2, the lead nothing on the near one at 2.
    assert faults_with(lambda row: None if row["key"] == "time-a-w" else row) != []
    assert faults_with(lambda row: None if row["key"] == "growth-b-w" else row) == []
