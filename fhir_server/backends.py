"""The one place that chooses a store, without a web server around it."""

from __future__ import annotations

from .search import texts as words_of
from .settings import Settings
from .storage.base import Store


def build_store(settings: Settings, *, words: bool = True) -> Store:
    """The store that the settings name; it is not opened yet.

    Without `words` it neither makes nor searches an index of words: for reading alone.
    """
    texts = words_of if words else None
    if settings.store.startswith("sqlite:"):
        from .storage.sqlite import SqliteStore

        path = settings.store.removeprefix("sqlite:").removeprefix("//")
        return SqliteStore(
            path,
            search_seconds=settings.search_seconds,
            search_rows=settings.search_rows,
            max_bytes=settings.sqlite_max_bytes,
            texts=texts,
        )
    from .storage.mongodb import Connection, MongoStore

    return MongoStore(
        settings.store,
        driver=settings.mongodb_driver,
        timeout_ms=settings.mongodb_timeout_ms,
        search_seconds=settings.search_seconds,
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
