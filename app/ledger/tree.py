"""The Merkle tree of RFC 6962, section 2.1, as a frontier: the roots of its perfect subtrees, largest first.

A frontier of n leaves holds as many hashes as n has one-bits, so any tree grows in constant memory.
"""

from collections.abc import Sequence
from hashlib import sha256

EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(nonce: bytes, body: bytes) -> bytes:
    """Hash one entry. The nonce, 16 random bytes, keeps a short body from being found by trying."""
    return sha256(b"\x00" + nonce + body).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two neighbouring subtrees into their parent."""
    return sha256(b"\x01" + left + right).digest()


def append(frontier: list[bytes], size: int, leaf: bytes) -> None:
    """Add ``leaf`` to a tree of ``size`` leaves, in place: trailing one-bits are subtrees to join."""
    while size & 1:
        leaf = node_hash(frontier.pop(), leaf)
        size >>= 1
    frontier.append(leaf)


def root(frontier: Sequence[bytes]) -> bytes:
    """Return the root hash of the tree."""
    if not frontier:
        return EMPTY_ROOT
    right = frontier[-1]
    for left in reversed(frontier[:-1]):
        right = node_hash(left, right)
    return right
