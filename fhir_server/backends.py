"""The one place that chooses a store, without a web server around it."""

from __future__ import annotations

from .search import texts as words_of
from .settings import Settings
from .storage.base import Store

# Of a copy or an export, which nobody waits for at a screen: counting alone may take long.
PATIENT_SECONDS, PATIENT_ROWS = 86_400.0, 10**15


def build_store(settings: Settings, *, words: bool = True, patient: bool = False) -> Store:
    """The store that the settings name; it is not opened yet.

    Without `words` it neither makes nor searches an index of words: for reading alone. `patient`:
    a search may take as long as it likes.
    """
    seconds = PATIENT_SECONDS if patient else settings.search_seconds
    texts = words_of if words else None
    if settings.store.startswith("sqlite:"):
        from .storage.sqlite import SqliteStore

        path = settings.store.removeprefix("sqlite:").removeprefix("//")
        rows = PATIENT_ROWS if patient else settings.search_rows
        return SqliteStore(
            path,
            search_seconds=seconds,
            search_rows=rows,
            max_bytes=settings.sqlite_max_bytes,
            texts=texts,
        )
    from .storage.mongodb import Connection, MongoStore

    return MongoStore(
        settings.store,
        driver=settings.mongodb_driver,
        timeout_ms=settings.mongodb_timeout_ms,
        search_seconds=seconds,
        texts=texts,
        connection=Connection(
            pool_size=settings.mongodb_pool_size,
            pool_min=settings.mongodb_pool_min,
            idle_ms=settings.mongodb_idle_ms,
            tls_ca_file=settings.mongodb_tls_ca_file,
            tls_certificate_file=settings.mongodb_tls_certificate_file,
            tls_certificate_password=settings.mongodb_tls_certificate_password.get_secret_value(),
            read_preference=settings.mongodb_search_read_preference,
            staleness_seconds=settings.mongodb_max_staleness_seconds,
        ),
    )
