"""Areas in which the other tests have placed nobody."""

from itertools import count

import pytest

_USED = (19, 23)
_AREAS = [f"E060000{number}" for number in (*range(10, 28), *range(30, 47)) if number not in _USED]
_AREAS += [f"E090000{number:02}" for number in range(2, 34)]
_TURN = count()


@pytest.fixture
def area() -> str:
    """An area of this test's own."""
    return _AREAS[next(_TURN)]


@pytest.fixture
def others() -> list[str]:
    """Three more."""
    return [_AREAS[next(_TURN)] for _ in range(3)]
