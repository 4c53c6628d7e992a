"""Messages between a command and a resident process: values of the same Python on both sides, by their length."""

from __future__ import annotations

import marshal

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket
    from typing import Any

LENGTH = 4
MOST = 64 * 1024 * 1024


def send(connection: socket.socket, value: Any) -> None:
    """Send one value. Raises OSError."""
    body = marshal.dumps(value)
    connection.sendall(len(body).to_bytes(LENGTH, "little") + body)


def receive(connection: socket.socket) -> Any:
    """The next value; None at the end. Raises OSError, and ValueError for what is none."""
    head = _exactly(connection, LENGTH)
    if head is None:
        return None
    length = int.from_bytes(head, "little")
    body = _exactly(connection, length) if length <= MOST else None
    if body is None:
        raise ValueError("a message was cut off")
    try:
        return marshal.loads(body)
    except (EOFError, TypeError) as error:
        raise ValueError(f"a message cannot be read: {error}") from None


def _exactly(connection: socket.socket, length: int) -> bytes | None:
    found = bytearray()
    while len(found) < length:
        part = connection.recv(length - len(found))
        if not part:
            return None
        found += part
    return bytes(found)
