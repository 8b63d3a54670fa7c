"""What every unit of work of one application draws on."""

from dataclasses import dataclass, field

from app.db.engine import Database
from app.kit.clock import Clock, system_clock
from app.vault.vault import Vault
from app.work.once import InFlight


@dataclass(frozen=True, slots=True)
class Resources:
    """The database, the keys and the clock, wired once in ``create_app``."""

    database: Database
    vault: Vault
    clock: Clock = system_clock
    in_flight: InFlight = field(default_factory=InFlight)
