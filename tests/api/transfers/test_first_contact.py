"""A team of the new area that sees a child's health for the first time is noticed, whichever way it looks first."""

import pytest

from tests.api.passports.records import path
from tests.api.transfers.test_a_passport_moves import host_nurse, messages, moved
from tests.world import World


@pytest.mark.parametrize("first", ["/health-passport/diff?from=0&to=1", "/assessments", "/health-passport"])
def test_whatever_is_looked_at_first_tells_whoever_sent_it(world: World, first: str) -> None:
    child_id = moved(world, "emergency")["child_id"]
    nia = host_nurse(world)

    assert nia.get(f"/v1/children/{child_id}{first}").status_code == 200
    assert nia.get(path(child_id)).status_code == 200

    assert messages(world, "passport.first_contact", None, child_id)
