"""An Idempotency-Key repeats a request of the same person in the same work, and nobody else's."""

from uuid import uuid4

import pytest

from tests.api.placements.stories import entries, tell
from tests.world import SHROPSHIRE, World


@pytest.mark.parametrize(("function", "name"), [("virtual_school", "Bryn Edwards"), ("social_care", "Cerys Howells")])
def test_an_acknowledgement_is_never_answered_with_that_of_another_team_or_person(
    world: World, function: str, name: str
) -> None:
    story, key = tell(world), uuid4().hex
    path, document = f"/v1/notifications/{story.notification}/acknowledgements", {"outcome": "accepted"}
    first = world.as_(SHROPSHIRE, "social_care", name="Bryn Edwards").post(path, document, key=key)
    second = world.as_(SHROPSHIRE, function, name=name).post(path, document, key=key)
    assert first.status_code == 201
    assert (second.status_code, second.json()["code"]) == (422, "idempotency_key_reused")
    assert len(entries(world, story.notification, "notification.acknowledged")) == 1


def test_the_same_person_with_a_new_token_gets_the_first_answer_again(world: World) -> None:
    story, key = tell(world), uuid4().hex
    path, document = f"/v1/notifications/{story.notification}/acknowledgements", {"outcome": "accepted"}
    first = world.as_(SHROPSHIRE, name="Bryn Edwards").post(path, document, key=key)
    again = world.as_(SHROPSHIRE, name="Bryn Edwards", jti=uuid4().hex).post(path, document, key=key)
    assert (again.status_code, again.json()) == (201, first.json())
