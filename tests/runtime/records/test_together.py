"""`unique: [...]` over one field, over whose a record is, and over several."""

import pytest

from espalier.runtime.errors import Invalid
from espalier.runtime.records import Records

from ..using import make, person

BALLOT = """\
app: Ballot
data:
  Ballot:
    choice: Yes | No!
    unique: [owner]
  Code:
    word: text!
    unique: [word]
pages:
  Home:
    - form: Ballot
"""


def test_one_record_a_person():
    app = make(BALLOT)
    ann, ben = person(app, "Ann", "user"), person(app, "Ben", "user")
    Records(app, ann).create("Ballot", {"choice": "Yes"})
    with pytest.raises(Invalid):
        Records(app, ann).create("Ballot", {"choice": "No"})
    Records(app, ben).create("Ballot", {"choice": "No"})
    assert Records(app, ann).count("Ballot") == 2
    app.close()


def test_one_field_together_with_nothing():
    app = make(BALLOT)
    ann = person(app, "Ann", "admin")
    Records(app, ann).create("Code", {"word": "plum"})
    with pytest.raises(Invalid):
        Records(app, ann).create("Code", {"word": "plum"})
    app.close()
