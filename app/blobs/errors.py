"""What can go wrong between us and the store of files."""

from collections.abc import Iterator
from contextlib import contextmanager

from app.kit.errors import Failure
from app.vault.errors import Tampered


class StoreDown(Failure):
    code = "store_down"
    status = 503
    title = "The store of files does not answer"
    advice = "Nothing was recorded. Wait the seconds in Retry-After and send it again; everything else works meanwhile."


@contextmanager
def translated() -> Iterator[None]:
    """Turn what the library and the disk raise into StoreDown, and a blob that is not there into Tampered."""
    import obstore.exceptions  # noqa: PLC0415

    try:
        yield
    except FileNotFoundError:
        raise Tampered("a stored file is missing") from None
    except (obstore.exceptions.BaseError, OSError):
        # Its text may hold an address and the name of a bucket.
        raise StoreDown(retry_after=5) from None
