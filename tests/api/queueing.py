"""Requests that meet at one row: each waits, and what it had read by then is no longer so when it goes on."""

from collections.abc import Callable
from threading import Thread
from time import sleep
from typing import Any

from sqlalchemy import Table, select, text

from tests.world import World

_WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")


def one_behind_another(world: World, table: Table, row_id: str, *acts: Callable[[], Any]) -> list[Any]:
    """Begin ``acts`` while the row is held, each once the one before waits; what they answered.

    Those that wait for the row itself get it in any order. On SQLite, where there is one writer at a time, each begins
    when the one before has ended.
    """
    if world.database.is_sqlite:
        return [act() for act in acts]
    answers: list[Any] = [None] * len(acts)

    def run(place: int) -> None:
        answers[place] = acts[place]()

    threads = [Thread(target=run, args=(place,)) for place in range(len(acts))]
    with world.database.write() as holding, world.database.read() as watching:
        holding.execute(select(table.c.id).where(table.c.id == row_id).with_for_update(key_share=True))
        for number, each in enumerate(threads, 1):
            each.start()
            while each.is_alive() and watching.execute(_WAITING).scalar_one() < number:
                sleep(0.01)
    for each in threads:
        each.join(10)
    return answers
