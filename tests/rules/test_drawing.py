"""Random bytes are given out once: to no two threads, and to no process that was forked from another."""

import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.kit.drawing import draw


def test_no_two_threads_are_given_the_same() -> None:
    with ThreadPoolExecutor(8) as threads:
        drawn = [each for some in threads.map(lambda _: [draw(12) for _ in range(2_000)], range(8)) for each in some]
    assert len(set(drawn)) == len(drawn) == 16_000
    assert {len(each) for each in drawn} == {12}


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_process_that_was_forked_draws_others() -> None:
    draw(16)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, draw(16))
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(reading, 16) != draw(16)
