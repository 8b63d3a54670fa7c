"""Headers and addresses no client should send: refused or ignored, and never a crash."""

import pytest

from tests.api.placements.stories import Story, tell
from tests.world import World


@pytest.fixture(scope="module")
def story(world: World) -> Story:
    return tell(world)


@pytest.mark.parametrize("tag", [b"\xe9", b'"\xff", *', b"W/", b"," * 2000])
def test_an_odd_if_none_match_matches_nothing(story: Story, tag: bytes) -> None:
    for path in (story.path, f"/v1/children/{story.child}", f"/v1/notifications/{story.notification}"):
        answer = story.sender.get(path, headers={b"If-None-Match": tag})
        assert answer.status_code == 200


@pytest.mark.parametrize("named", ["%00", "plc_%00", "%ed%a0%80", "%0a", "..%2f..", "a" * 3000])
@pytest.mark.parametrize(
    "path",
    [
        "/v1/notifications/{}",
        "/v1/placements/{}",
        "/v1/placements/{}/timeline",
        "/v1/children/{}",
        "/v1/children/{}/disclosures",
        "/v1/organisations/{}",
        "/v1/areas/{}/recipients",
    ],
)
def test_an_odd_id_is_not_found(story: Story, path: str, named: str) -> None:
    assert story.sender.get(path.format(named)).status_code == 404


@pytest.mark.parametrize("act", ["acknowledgements", "recalls"])
def test_an_odd_id_takes_no_act(story: Story, act: str) -> None:
    document = {"outcome": "accepted"} if act == "acknowledgements" else {"reason": "wrong_recipient"}
    assert story.sender.post(f"/v1/notifications/%00/{act}", document).status_code == 404
