"""``python -m bench.receiver.granian_as_serve <factory> <port>``: granian with the settings of ``serve``."""

import sys

from granian import Granian
from granian.constants import Interfaces


def main(factory: str, port: int) -> None:
    """Serve ``bench.receiver.apps:<factory>`` until a signal comes."""
    Granian(
        f"bench.receiver.apps:{factory}",
        address="127.0.0.1",
        port=port,
        interface=Interfaces.RSGI,
        factory=True,
        workers=1,
        log_access=False,
        websockets=False,
    ).serve()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
