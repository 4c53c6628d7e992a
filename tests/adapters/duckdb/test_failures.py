from __future__ import annotations

import duckdb
import pytest

from tidemill.adapters.duckdb.failures import missing_extension, translate
from tidemill.errors import Cancelled


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("IO Error: Could not write file: No space left on device", "disk-full"),
        ("Out of Memory Error: failed to offload data block of size 1", "disk-full"),
        ("Out of Memory Error: could not allocate block of size 1", "out-of-memory"),
        ("IO Error: Trying to read a database file with version number 70", "database-version"),
        (("Connection Error: Can't open a connection to same database file with a "
         "different configuration than existing connections"), "database-shared"),
        ("TransactionContext Error: Failed to commit: write-write conflict", "transaction-conflict"),
        ("TransactionContext Error: Failed to commit: No space left on device", "disk-full"),
        ("Catalog Error: Table with name x does not exist!", "database"),
    ],
)  # fmt: skip
def test_codes(text: str, code: str) -> None:
    error = translate(duckdb.Error(text))

    assert error.fault.code == code
    assert error.fault.message == text
    assert (error.fault.hint is None) == (code == "database")
    assert error.retryable == (code == "transaction-conflict")


def test_a_lock_without_a_process() -> None:
    text = 'IO Error: Could not set lock on file "/x/a.duckdb": Resource temporarily unavailable'

    assert "locked by another process" in translate(duckdb.IOException(text)).fault.message


def test_an_interrupt_is_a_cancellation() -> None:
    assert isinstance(translate(duckdb.InterruptException("INTERRUPT Error")), Cancelled)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (('Extension "/x/httpfs.duckdb_extension" not found.\nExtension "httpfs" is an existing '
         'extension.\n\nInstall it first using "INSTALL httpfs".'), "httpfs"),
        (("it exists in the spatial extension.\n\nPlease try installing and loading the spatial "
         "extension:\nINSTALL spatial;\nLOAD spatial;"), "spatial"),
        ("Table with name x does not exist!", None),
    ],
)  # fmt: skip
def test_extensions_are_named(text: str, name: str | None) -> None:
    assert missing_extension(text) == name
