"""The items of a batch wait in little room, and nobody makes the service pay for more than was sent."""

import zlib

import orjson
import pytest

from app.notifications import batch


def test_an_item_within_an_item_is_packed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    packed: list[int] = []
    compress = zlib.compress

    def counting(words: bytes, level: int) -> bytes:
        packed.append(len(words))
        return compress(words, level)

    monkeypatch.setattr(batch.zlib, "compress", counting)
    body = orjson.dumps("x" * 10_000)
    for _ in range(20):
        body = b'{"idempotency_key":"a","notification":' + body + b"}"
    (item,) = batch.read_batch(b'{"items":[' + body + b"]}")
    assert 10_000 < sum(packed) < len(body)
    assert batch._written(item) == body
