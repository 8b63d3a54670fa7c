"""The tree against RFC 6962 as it is written, and against an independent implementation."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from app.ledger import tree


def root_by_definition(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962, 2.1, over leaf hashes, word for word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return tree.node_hash(root_by_definition(leaves[:half]), root_by_definition(leaves[half:]))


def grown(leaves: list[bytes]) -> list[bytes]:
    frontier: list[bytes] = []
    for size, leaf in enumerate(leaves):
        tree.append(frontier, size, leaf)
    return frontier


def test_every_size_has_the_root_the_standard_defines() -> None:
    leaves: list[bytes] = []
    frontier: list[bytes] = []
    for size in range(130):
        assert tree.root(frontier) == root_by_definition(leaves)
        assert len(frontier) == size.bit_count()
        leaves.append(tree.leaf_hash(b"n" * 16, b"%d" % size))
        tree.append(frontier, size, leaves[-1])


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 77])
def test_an_independent_implementation_agrees(size: int) -> None:
    oracle = InmemoryTree(algorithm="sha256")
    bodies = [b"%d" % number for number in range(size)]
    for body in bodies:
        oracle.append_entry(b"n" * 16 + body)
    assert tree.root(grown([tree.leaf_hash(b"n" * 16, body) for body in bodies])) == oracle.get_root()


@given(st.integers(2, 60), st.data())
def test_the_order_of_leaves_decides_the_root(size: int, data: st.DataObject) -> None:
    leaves = [tree.leaf_hash(b"", b"%d" % number) for number in range(size)]
    place = data.draw(st.integers(1, size - 1))
    swapped = [*leaves]
    swapped[place - 1], swapped[place] = swapped[place], swapped[place - 1]
    assert tree.root(grown(leaves)) != tree.root(grown(swapped))


def test_a_leaf_can_never_be_taken_for_a_node() -> None:
    left, right = sha256(b"l").digest(), sha256(b"r").digest()
    assert tree.leaf_hash(left, right) != tree.node_hash(left, right)
