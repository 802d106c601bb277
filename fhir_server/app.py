"""Puts the parts together."""

from __future__ import annotations

import contextlib
import gc
import logging
import os
import signal
import sys
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TextIO, cast

import structlog
import uvicorn
from fastapi import FastAPI
from pydantic import SecretStr
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from . import __version__
from .backends import build_store
from .definitions import r4
from .definitions.library import r4_library
from .errors import FhirError
from .exchange import Service
from .exchange.call import Limits
from .exchange.conformance import publish
from .exchange.indexing import IndexingStore
from .exchange.jobs import Jobs
from .exchange.profiles import Profiles, parse_required
from .exchange.reindexing import Reindexer
from .exchange.upkeep import Upkeep
from .http.fhir import FhirEndpoint
from .http.forms import forms_routes
from .http.guide import guide_routes
from .http.pages import page_routes
from .http.problems import no_route
from .http.site import Site
from .model.dates import parse_zone, use_zone
from .model.folders import data_folder
from .operations import OPERATIONS
from .search import Compiler, Indexer, Registry
from .settings import Settings
from .storage.base import Store
from .terminology import FolderSource, LibrarySource, Source, StoreSource, Terminology
from .terminology.file import TermFile
from .validation.structure import Structure

EXPOSED = [
    "ETag", "Last-Modified", "Location", "Content-Location", "Retry-After", "X-Request-Id", "Allow",
    "Preference-Applied", "X-Progress", "Accept-Encoding",
]  # fmt: skip


def build_terminology(settings: Settings, store: Store, loaded: TermFile) -> Terminology:
    """Loaded code systems, stored resources, folders of a hospital and of the product, R4."""
    folders = [*settings.terminology_folders, data_folder("terminology")]
    files = [FolderSource(folder) for folder in folders]
    sources: list[Source] = [StoreSource(store), *files, LibrarySource(r4_library())]
    return Terminology(sources, settings.public_url, loaded)


def build_service(settings: Settings, store: Store) -> Service:
    """The parts of a server around a store."""
    use_zone(parse_zone(settings.time_zone))
    definitions = r4()
    registry = Registry(definitions)
    indexer = Indexer(registry, settings.public_url)
    indexing = IndexingStore(store, indexer)
    structure = Structure(definitions)
    loaded = TermFile(Path(settings.terminology_file))
    return Service(
        store=cast(Store, indexing),
        definitions=definitions,
        structure=structure,
        profiles=Profiles(
            store,
            structure,
            settings.validation,
            parse_required(settings.required_profiles),
            settings.unknown_extensions,
            loaded=loaded.find,
        ),
        registry=registry,
        indexer=indexer,
        compiler=Compiler(definitions, registry, settings.public_url),
        terminology=build_terminology(settings, store, loaded),
        upkeep=Upkeep(indexing, registry),
        limits=Limits(
            settings.max_body_bytes,
            settings.max_bundle_entries,
            settings.max_conditional_deletes,
            settings.max_cascade,
            settings.bundle_concurrency,
        ),
        integrity=settings.referential_integrity,
        admin_token=settings.admin_token,
    )


class Application(FastAPI):
    """FastAPI, but for /fhir and all below it, which goes to one endpoint at once.

    The framework's middleware and routing cost more than reading a resource. They are skipped
    unless a browser of another origin calls, which needs the CORS middleware.
    """

    fhir: ASGIApp
    fhir_for_browsers: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            path: str = scope["path"]
            if path.startswith("/fhir") and (len(path) == 5 or path[5] == "/"):
                across = any(name == b"origin" for name, _ in scope["headers"])
                await (self.fhir_for_browsers if across else self.fhir)(scope, receive, send)
                return
        await super().__call__(scope, receive, send)


async def _publish(service: Service, settings: Settings) -> None:
    """A store that is down at the start is not a reason not to start; /ready says so."""
    try:
        await publish(service, settings.publish, settings.terminology_folders)
    except FhirError as error:
        structlog.get_logger("fhir_server").warning("conformance not published", code=error.code)


def create_app(settings: Settings | None = None) -> FastAPI:
    """The ASGI application. The store is opened when the application starts."""
    settings = settings or Settings()
    store = build_store(settings)
    service = build_service(settings, store)
    reindexer = Reindexer(service.upkeep)
    jobs = Jobs(store, limit=settings.async_jobs, keep=settings.async_keep_seconds)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await store.open()
        try:
            await reindexer.open()
            await _publish(service, settings)
            yield
        finally:
            await jobs.close()
            await reindexer.close()
            await store.close()

    app = Application(
        title="fhir-referral-server",
        version=__version__,
        lifespan=lifespan,
        docs_url=None,  # its pages load scripts from a CDN
        redoc_url=None,
    )
    app.state.service, app.state.settings = service, settings
    app.fhir = app.fhir_for_browsers = FhirEndpoint(
        service, Site(settings.public_url, settings.trusted_proxies), jobs
    )
    app.router.routes.extend(forms_routes(service, settings))
    app.router.routes.extend(guide_routes(settings))
    app.router.routes.extend(page_routes(service, settings))
    app.add_exception_handler(HTTPException, no_route)
    if settings.cors_origins:
        cors: dict[str, Any] = {
            "allow_origins": [o.strip() for o in settings.cors_origins.split(",")],
            "allow_methods": ["*"],
            "allow_headers": ["*"],
            "expose_headers": EXPOSED,
        }
        app.add_middleware(CORSMiddleware, **cors)
        app.fhir_for_browsers = CORSMiddleware(app.fhir, **cors)
    assert OPERATIONS  # declared before the first CapabilityStatement is built
    return app


def _log_from(settings: Settings) -> None:
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(level),
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.dev.set_exc_info,
            structlog.processors.TimeStamper("%Y-%m-%d %H:%M:%S", utc=False),
            structlog.dev.ConsoleRenderer(colors=False, exception_formatter=_where),
        ],
    )


def _where(out: TextIO, found: Any) -> None:
    """The places of an exception and its type: its text and the locals may be a patient's."""
    error: BaseException | None = found[1]
    while error is not None:
        out.write("\n" + "".join(traceback.format_tb(error.__traceback__)))
        out.write(f"{type(error).__name__}\n")
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _tune() -> None:
    """For a process that does nothing but serve."""
    # A commit's thread needs the interpreter's lock twice, each time for a moment: the event loop
    # hands it over within 0.1 ms instead of 5.
    sys.setswitchinterval(0.0001)
    # A request leaves hardly any cycles behind; a look for them after every 700 objects is wasted.
    gc.set_threshold(20_000, 10, 10)


def _connections(settings: Settings) -> Any:
    """What uvicorn makes of each connection."""
    try:
        from .http.protocol import protocol
    except ImportError:  # Windows: httptools is not there, and uvicorn uses h11 without our bounds
        return "auto"
    return protocol(settings.client_seconds)


def worker() -> FastAPI:
    """The application in one of several processes; `run` has put the settings where it reads."""
    settings = Settings()
    _log_from(settings)
    _tune()
    _connections(settings)
    return create_app(settings)


def _hand_on(settings: Settings) -> None:
    """A further process starts from nothing but the environment."""
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        text = value.get_secret_value() if isinstance(value, SecretStr) else str(value)
        os.environ[f"FHIR_SERVER_{name.upper()}"] = text


def run(settings: Settings) -> None:
    """Serve until SIGTERM or Ctrl-C, then finish what is under way and return."""
    # uvicorn raises the signal again when it has shut down; here that means a clean end.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    _log_from(settings)
    _tune()
    several = settings.workers > 1
    if several:
        _hand_on(settings)
    with contextlib.suppress(KeyboardInterrupt):
        uvicorn.run(
            f"{__name__}:worker" if several else create_app(settings),
            factory=several,
            workers=settings.workers,
            host=settings.host,
            port=settings.port,
            http=_connections(settings),
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=10,
        )


__all__ = ["build_service", "build_store", "create_app", "run"]
