"""Settings, from environment variables. docs/settings.md is the table of them."""

from __future__ import annotations

import os
from ipaddress import ip_network
from pathlib import Path
from typing import Literal

from pydantic import AliasChoices, Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from .model.dates import parse_zone


class Settings(BaseSettings):
    """Each field is the variable FHIR_SERVER_<NAME>; HOST and PORT also work bare."""

    model_config = SettingsConfigDict(env_prefix="FHIR_SERVER_", extra="ignore")

    host: str = Field(
        default="127.0.0.1",
        validation_alias=AliasChoices("host", "FHIR_SERVER_HOST", "HOST"),
        description="address to listen on",
    )
    port: int = Field(
        default=8080,
        ge=0,
        le=65535,
        validation_alias=AliasChoices("port", "FHIR_SERVER_PORT", "PORT"),
        description="port to listen on",
    )
    store: str = Field(
        default="sqlite:data/fhir.db",
        description="`sqlite:PATH`, or `mongodb://…` / `mongodb+srv://…` with the database as path",
    )
    mongodb_driver: Literal["pymongo", "motor"] = Field(
        default="pymongo", description="client library of the MongoDB store"
    )
    mongodb_timeout_ms: int = Field(
        default=3500,
        ge=100,
        description="how long a MongoDB server may be out of reach, milliseconds",
    )
    mongodb_pool_size: int = Field(
        default=0,
        ge=0,
        le=10_000,
        description="most connections of a process to one MongoDB server, and as many for searches;"
        " 0: as the address says (`maxPoolSize`), else 100",
    )
    mongodb_pool_min: int = Field(
        default=0,
        ge=0,
        le=10_000,
        description="connections to MongoDB that are kept open when idle",
    )
    mongodb_idle_ms: int = Field(
        default=0,
        ge=0,
        description="idle connections to MongoDB are closed after so many milliseconds, before a"
        " firewall drops them; 0: never",
    )
    mongodb_tls_ca_file: str = Field(
        default="",
        description="certificates (PEM) by which MongoDB servers are trusted; turns TLS on",
    )
    mongodb_tls_certificate_file: str = Field(
        default="",
        description="client certificate with its key (PEM) that is shown to MongoDB; turns TLS on",
    )
    mongodb_tls_certificate_password: SecretStr = Field(
        default=SecretStr(""), description="password of that key"
    )
    mongodb_search_read_preference: Literal[
        "primary", "primaryPreferred", "secondary", "secondaryPreferred", "nearest"
    ] = Field(
        default="primary",
        description="where searches and the history of types are read; all else, and what"
        " conditional writes look for, is read from the primary",
    )
    mongodb_max_staleness_seconds: int = Field(
        default=0,
        ge=0,
        description="a secondary further behind than this is not read, 90 or more; 0: any",
    )
    public_url: str = Field(
        default="",
        description="FHIR address as clients know it, such as `https://host/fhir`; empty: from the"
        " Host header",
    )
    trusted_proxies: str = Field(
        default="127.0.0.1, ::1",
        description="addresses and networks (`10.0.0.0/8`) of the proxies whose `Forwarded` and"
        " `X-Forwarded-*` headers are believed, separated by commas; `*`: any; empty: none",
    )
    validation: Literal["off", "structure", "declared", "required"] = Field(
        default="declared",
        description="what a write is validated against: `off` (the JSON shape of FHIR only);"
        " `structure` (formats and cardinalities of R4); `declared` (R4 with its invariants and"
        " bindings, and the profiles of `meta.profile`); `required` (as declared, and one of the"
        " required profiles)",
    )
    required_profiles: str = Field(
        default="",
        description="profiles of which a resource must carry one, with `required`: `Type=url url;"
        " Type=url`",
    )
    unknown_extensions: Literal["information", "error"] = Field(
        default="information",
        description="how an extension counts whose definition is not known here",
    )
    publish: Literal["all", "operations"] = Field(
        default="all",
        description="which definitions of this product are put into the store at the start: `all`;"
        " `operations` (not the terminology, which still serves validation and expansion)",
    )
    max_body_bytes: int = Field(
        default=16 * 1024 * 1024, ge=1024, description="largest request body, bytes"
    )
    max_bundle_entries: int = Field(
        default=5000, ge=1, description="most entries of a batch or transaction"
    )
    bundle_concurrency: int = Field(
        default=16,
        ge=1,
        le=1000,
        description="entries of one batch, and look-ups of one transaction, at the same time",
    )
    max_conditional_deletes: int = Field(
        default=1,
        ge=1,
        le=10_000,
        description="most resources that one conditional delete may delete; more matches: 412",
    )
    referential_integrity: Literal["off", "delete", "write"] = Field(
        default="delete",
        description="`delete`: a resource that others refer to is not deleted (409); `write`:"
        " moreover, references of what is written must lead to a resource that is there (422);"
        " `off`: neither",
    )
    max_cascade: int = Field(
        default=100,
        ge=0,
        le=10_000,
        description="most resources that one delete with `_cascade=delete` may delete; 0: refused",
    )
    client_seconds: float = Field(
        default=30.0,
        gt=0,
        description="how long a client may pause within a request or while it is answered, seconds",
    )
    search_seconds: float = Field(
        default=10.0, gt=0, description="longest time of one search, seconds"
    )
    time_zone: str = Field(
        default="+08:00",
        description="zone of dates that state none, stored or searched: `+08:00`, or a name such as"
        " `Asia/Shanghai`; a change needs all resources to be indexed anew",
    )
    search_rows: int = Field(
        default=5_000_000,
        ge=1000,
        description="how many index entries and resources one search may look at, about (SQLite)",
    )
    sqlite_max_bytes: int = Field(
        default=0,
        ge=0,
        description="largest size of the SQLite file, bytes; writes that need more get 507, as on a"
        " full disk; 0: what the disk holds",
    )
    async_jobs: int = Field(
        default=8,
        ge=1,
        le=1000,
        description="most requests with `Prefer: respond-async` that run at the same time",
    )
    async_keep_seconds: int = Field(
        default=3600, ge=1, description="how long their results are kept, seconds"
    )
    cors_origins: str = Field(
        default="*", description="origins a browser may call from, separated by commas; empty: none"
    )
    forms: str = Field(
        default="", description="further folders with paper forms of your own, separated by commas"
    )
    terminology: str = Field(
        default="",
        description="further folders with CodeSystem, ValueSet and ConceptMap files of your own,"
        " separated by commas",
    )
    terminology_file: str = Field(
        default="data/terminology.db",
        description="the file into which `fhir-server terminology load` puts code systems",
    )
    workers: int = Field(
        default=1, ge=1, le=64, description="server processes that share the port and the store"
    )
    admin_token: str = Field(
        default="",
        repr=False,
        description="token of the administrator, who may `$purge`; empty: nobody may",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="least severe log line to print"
    )

    @field_validator("required_profiles")
    @classmethod
    def _profiles(cls, text: str) -> str:
        for part in text.split(";"):
            name, mark, urls = part.partition("=")
            if part.strip() and not (name.strip() and mark and urls.split()):
                raise ValueError("expected Type=canonical canonical; Type=canonical")
        return text

    @field_validator("store")
    @classmethod
    def _known_store(cls, value: str) -> str:
        if value.startswith(("sqlite:", "mongodb://", "mongodb+srv://")):
            return value
        raise ValueError("expected sqlite:PATH or mongodb://…")

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        parse_zone(value)
        return value

    @field_validator("mongodb_tls_ca_file", "mongodb_tls_certificate_file")
    @classmethod
    def _readable(cls, value: str) -> str:
        if value and not os.access(value, os.R_OK):
            raise ValueError("expected a file that can be read")
        return value

    @field_validator("mongodb_max_staleness_seconds")
    @classmethod
    def _staleness(cls, value: int) -> int:
        if 0 < value < 90:  # MongoDB's own rule
            raise ValueError("expected 0, or at least 90 seconds")
        return value

    @model_validator(mode="after")
    def _pool(self) -> Settings:
        if self.mongodb_pool_min > (self.mongodb_pool_size or 100):
            raise ValueError("mongodb_pool_min is larger than mongodb_pool_size")
        return self

    @field_validator("public_url")
    @classmethod
    def _no_last_slash(cls, value: str) -> str:
        return value.rstrip("/")

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, value: str) -> str:
        for part in value.split(","):
            if part.strip() not in ("", "*"):
                ip_network(part.strip(), strict=False)
        return value

    @property
    def form_folders(self) -> list[Path]:
        return [Path(p.strip()) for p in self.forms.split(",") if p.strip()]

    @property
    def terminology_folders(self) -> list[Path]:
        return [Path(p.strip()) for p in self.terminology.split(",") if p.strip()]
