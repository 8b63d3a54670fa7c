"""The process: limits first, then the bytes, then one line of JSON."""

import json
import resource
import sys

MEMORY = 1024 * 1024 * 1024
CPU_SECONDS = 20


def main() -> None:
    """Read a file from standard input and say what it is, or why it is not taken."""
    for limit, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))
    # Only now: what reads hostile bytes is held by the limits from its first line.
    from app.documents.inspection.kinds import inspect  # noqa: PLC0415
    from app.documents.inspection.verdict import Refused  # noqa: PLC0415

    try:
        found = inspect(sys.stdin.buffer.read())
        told = {"media_type": found.media_type, "active": sorted(found.active)}
    except Refused as refused:
        told = {"refused": refused.code, "detail": refused.detail}
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
