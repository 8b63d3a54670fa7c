"""Everything an operator decides, read once from the environment. No secret has a default."""

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

KILOBYTE = 1024


def _without_trailing_slash(text: str) -> str:
    return text.rstrip("/")


class Settings(BaseSettings):
    """Settings of one installation, each from ``PLACEMENT_NOTIFY_<NAME>``. Raises ValidationError when incomplete."""

    model_config = SettingsConfigDict(env_prefix="PLACEMENT_NOTIFY_", frozen=True, extra="ignore")

    database_url: str = Field(description="SQLAlchemy URL: sqlite:///… or postgresql+psycopg://… as the service role")
    owner_url: str | None = Field(default=None, description="URL of the role that owns the tables; migrations only")
    service_role: str | None = Field(default=None, description="PostgreSQL role that receives the least rights needed")
    public_url: Annotated[str, AfterValidator(_without_trailing_slash)] = Field(
        description="Where clients reach the service: issuer of its tokens and base of its problem pages"
    )
    keys_dir: Path = Field(description="Directory of the keys, each file readable by its owner only")
    master_keys: SecretStr | None = Field(default=None, description="The content of master.json, instead of the file")

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    pool_size: int = Field(default=4, ge=1, le=32, description="Connections and request threads of one process")
    one_core: bool = Field(default=True, description="Whether a process keeps to one core that no other has claimed")
    max_body_bytes: int = Field(default=256 * KILOBYTE, ge=KILOBYTE)
    max_batch_bytes: int = Field(default=8192 * KILOBYTE, ge=KILOBYTE)
    documents_dir: Path = Field(default=Path("documents"), description="Folder of uploaded files, sealed")
    documents_bucket: str | None = Field(default=None, min_length=3, description="S3 bucket, instead of the folder")
    documents_endpoint: str | None = Field(default=None, description="Where that store is, unless it is AWS")
    documents_region: str = Field(default="eu-west-2", description="Region of the bucket")
    documents_access_key: str | None = Field(default=None, description="Left out: the credentials of the machine")
    documents_store_seconds: float = Field(
        default=10, gt=0, le=60, description="How long that store may be silent before it is called down"
    )
    documents_secret_key: SecretStr | None = Field(default=None, description="Goes with documents_access_key")
    max_document_bytes: int = Field(default=20 * KILOBYTE * KILOBYTE, ge=KILOBYTE)
    virus_scanner: str | None = Field(
        default=None, description="clamd: unix:///run/clamav/clamd.ctl or tcp://host:3310. Left out: not scanned"
    )
    requests_per_minute: int = Field(default=1200, ge=1, description="Of one client, in one process")
    token_requests_per_minute: int = Field(default=600, ge=1, description="From one address, in one process")
    sequencer_interval_ms: int = Field(default=250, ge=10, description="How soon an entry gets its place in the tree")
    keys_reload_seconds: float = Field(
        default=5, gt=0, le=3600, description="How soon changed key files are taken over"
    )
    counting_seconds: float = Field(
        default=300, gt=0, le=10_000_000, description="How soon the reports by month hold what is new"
    )
    assessments_seconds: float = Field(
        default=15, gt=0, le=10_000_000, description="How soon what is due of a child's health is raised, and told of"
    )
    log_level: str = "INFO"

    @property
    def token_audience(self) -> str:
        """What a client assertion must name as its ``aud``."""
        return f"{self.public_url}/oauth2/token"
