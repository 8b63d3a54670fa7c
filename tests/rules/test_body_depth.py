"""How deep a body is, whatever its strings hold and wherever it is cut into pieces."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kit.errors import Failure
from app.web import body

_STRINGS = st.text('ab"\\[]{} ', max_size=9)
_VALUES = st.recursive(_STRINGS, lambda inner: st.lists(inner) | st.dictionaries(_STRINGS, inner), max_leaves=30)


def _depth_of(value: object) -> int:
    if isinstance(value, dict):
        return 1 + max(map(_depth_of, value.values()), default=0)
    return 1 + max(map(_depth_of, value), default=0) if isinstance(value, list) else 0


@pytest.fixture(autouse=True, scope="module", params=[1, 7, body._PIECE])
def _pieces(request: pytest.FixtureRequest) -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(body, "_PIECE", request.param)
        yield


@given(st.dictionaries(_STRINGS, _VALUES).filter(lambda value: _depth_of(value) <= body.MAX_DEPTH))
def test_what_is_shallow_is_read_as_it_was_meant(value: dict[str, object]) -> None:
    assert body.parse_object(json.dumps(value).encode()) == value


@pytest.mark.parametrize("depth", [body.MAX_DEPTH, body.MAX_DEPTH + 1, 5000])
def test_what_is_too_deep_is_refused(depth: int) -> None:
    text = '{"a":' + "[" * (depth - 1) + "]" * (depth - 1) + "}"
    if depth <= body.MAX_DEPTH:
        assert body.parse_object(text.encode())
        return
    with pytest.raises(Failure) as refused:
        body.parse_object(text.encode())
    assert "nested too deeply" in refused.value.detail
