"""For maintainers: ``python -m app.db.revise "words"`` writes the next migration from how the tables changed.

It compares the code with a fresh SQLite database brought to the newest migration. Read what it wrote.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from alembic import command

from app.db.migrate import MIGRATIONS, configured, migrate, transaction


def revise(words: str) -> None:
    """Write ``migrations/versions/NNNN_words.py``, formatted."""
    number = len(list((MIGRATIONS / "versions").glob("[0-9]*.py"))) + 1
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'empty.sqlite'}"
        if number > 1:
            migrate(url)
        with transaction(url) as connection:
            config = configured(connection)
            command.revision(config, words, autogenerate=True, rev_id=f"{number:04}")
    for path in (MIGRATIONS / "versions").glob(f"{number:04}_*.py"):
        _tidy(path)


def _tidy(path: Path) -> None:
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(line for line in lines if "# ### " not in line))
    subprocess.run([sys.executable, "-m", "ruff", "format", "--quiet", path], check=True)  # noqa: S603


if __name__ == "__main__":
    revise(" ".join(sys.argv[1:]))
