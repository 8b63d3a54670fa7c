"""How the story looks in a terminal: eighty columns are enough, and colour says nothing that words do not."""

from collections.abc import Iterable, Sequence
from typing import Any

from rich import box
from rich.console import Console, Group
from rich.padding import Padding
from rich.panel import Panel
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

_WIDEST = 110
_INDENT = 2


class Teller:
    """Prints scenes, sentences, calls and tables."""

    def __init__(self) -> None:
        self.console = Console(highlight=False)
        self.console.width = min(self.console.width, _WIDEST)
        self._after_call = False

    def title(self, heading: str, *lines: str) -> None:
        """What this is, in a box."""
        body = Text(heading, "bold").append("\n\n" + "\n".join(lines), "not bold")
        self.console.print(Panel(body, box=box.ROUNDED, padding=(1, 3), border_style="cyan"))

    def scene(self, hour: str, heading: str) -> None:
        """A new scene: when, and what happens."""
        mark = Text(f"{hour}  ", "bold cyan").append(heading, "bold default")
        self.console.print()
        self.console.print(Rule(mark, align="left", style="cyan"))
        self.console.print()

    def say(self, *sentences: str) -> None:
        """A paragraph."""
        self._block(Text(" ".join(sentences)))

    def quote(self, words: str, who: str) -> None:
        """What somebody said or wrote."""
        self._block(Text(f"“{words}”", "italic").append(f"\n{who}", "not italic dim"), _INDENT * 2)

    def call(self, method: str, path: str, status: int, who: str) -> None:
        """One call over HTTP, as it was made."""
        line = Text(f"{method} {path}  ", "dim").append(str(status), "green" if status < 400 else "yellow")
        self._put(line.append(f"  {who}", "dim"))
        self._after_call = True

    def table(self, heading: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """A table with a heading over it."""
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold", expand=False)
        for name in columns:
            table.add_column(name, overflow="fold")
        for row in rows:
            table.add_row(*(cell if isinstance(cell, Text) else Text(str(cell)) for cell in row))
        self._block(Group(Text(heading, "bold cyan"), table))

    def facts(self, heading: str, pairs: Iterable[tuple[str, Any]]) -> None:
        """Names and what stands behind them."""
        grid = Table.grid(padding=(0, 3, 0, 0))
        grid.add_column(style="dim", no_wrap=True)
        grid.add_column(overflow="fold")
        for name, value in pairs:
            grid.add_row(name, value if isinstance(value, Text) else Text(str(value)))
        self._block(Group(Text(heading, "bold cyan"), grid))

    def points(self, lines: Iterable[str]) -> None:
        """A list of sentences."""
        grid = Table.grid(padding=(0, 1, 0, 0))
        for line in lines:
            grid.add_row(Text("•", "cyan"), Text(line))
        self._block(grid)

    def command(self, line: str) -> None:
        """A line to copy: never broken by us, so that it works as it stands."""
        self.console.print(Text(line, "green"), soft_wrap=True)
        self.console.print()

    def failed(self, where: str, sentence: str) -> None:
        """Which step went wrong."""
        self.console.print()
        words = Text(f"{where}\n{sentence}", "red")
        self.console.print(Panel(words, title="A step went wrong", border_style="red"))

    def _block(self, thing: Any, indent: int = _INDENT) -> None:
        if self._after_call:
            self.console.print()
            self._after_call = False
        self._put(thing, indent)
        self.console.print()

    def _put(self, thing: Any, indent: int = _INDENT) -> None:
        self.console.print(Padding(thing, (0, 0, 0, indent), expand=False))


def good(words: str) -> Text:
    """What is done."""
    return Text(words, "green")


def awaited(words: str) -> Text:
    """What is not, yet."""
    return Text(words, "yellow")


def quiet(words: str) -> Text:
    """What matters less."""
    return Text(words, "dim")
