"""SHA-256 over bodies, in pieces so small that the library does not let go of the interpreter.

It lets go for 2,048 bytes and more. For the few microseconds that a body takes, to get the interpreter back
from sixteen waiting threads costs a hundred times as much (``bench/receiver``).
"""

import hashlib
import hmac
from typing import Final, Protocol

_PIECE: Final = 2_047  # bytes


class _Digest(Protocol):
    def update(self, data: memoryview, /) -> None: ...


def body_digest(body: bytes) -> str:
    """Return the SHA-256 of ``body`` in hex."""
    state = hashlib.sha256()
    _feed(state, body)
    return state.hexdigest()


def body_proof(key: bytes, body: bytes) -> bytes:
    """Return the HMAC-SHA256 (RFC 2104) of ``body``."""
    state = hmac.new(key, digestmod="sha256")
    _feed(state, body)
    return state.digest()


def _feed(state: _Digest, body: bytes) -> None:
    view = memoryview(body)
    for start in range(0, len(view), _PIECE):
        state.update(view[start : start + _PIECE])
