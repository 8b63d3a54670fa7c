"""What every unit of work of one application draws on."""

from dataclasses import dataclass, field

from app.db.engine import Database
from app.kit.clock import Clock, system_clock
from app.settings import Settings
from app.vault.keys import load_keys
from app.vault.vault import Vault
from app.work.once import InFlight


@dataclass(frozen=True, slots=True)
class Resources:
    """The database, the keys and the clock, wired once in ``create_app``."""

    database: Database
    vault: Vault
    clock: Clock = system_clock
    in_flight: InFlight = field(default_factory=InFlight)


def open_resources(settings: Settings, *, as_owner: bool = False) -> Resources:
    """What a command of the administrator draws on; ``as_owner`` where it takes more rights. Raises KeysUnusable."""
    url = settings.owner_url if as_owner and settings.owner_url else settings.database_url
    return Resources(Database(url), Vault(load_keys(settings)))
