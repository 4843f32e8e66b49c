"""A server that says on ``/ready`` that it will stop, before it does."""

import multiprocessing
import os
import signal
import threading
from typing import Any

from flask import Flask, Response, jsonify, request
from granian.server.mp import MPServer

_ANNOUNCED = signal.SIGUSR1


class PoliteServer(MPServer):
    """Granian, whose SIGTERM is announced for ``notice`` seconds: a balancer then sends no new requests.

    A second signal, and an interrupt from the keyboard, end the notice.
    """

    notice = 0.0
    _announced = False

    def signal_handler_interrupt(self, *args: Any, **_kwargs: Any) -> None:
        """Announce the stop to the process that answers, then stop."""
        if args[0] != signal.SIGTERM or not self.notice or self._announced:
            self._stop()
            return
        self._announced = True
        for child in multiprocessing.active_children():
            if child.pid is not None:
                os.kill(child.pid, _ANNOUNCED)
        later = threading.Timer(self.notice, self._stop)
        later.daemon = True
        later.start()

    def _stop(self) -> None:
        self.interrupt_signal = True
        self.main_loop_interrupt.set()


def listen_for_stop() -> threading.Event:
    """Return what is set once the stop is announced; call it before any other thread of the process begins.

    Python runs handlers of signals in the main thread, and that sleeps through a signal that the system gave
    to another thread. So all threads begun from here on leave this one to a thread that waits for it.
    """
    stopping = threading.Event()

    def wait() -> None:
        signal.sigwait({_ANNOUNCED})
        stopping.set()

    signal.pthread_sigmask(signal.SIG_BLOCK, {_ANNOUNCED})
    threading.Thread(target=wait, name="stop-announced", daemon=True).start()
    return stopping


def announce_stop(app: Flask, stopping: threading.Event) -> None:
    """Let ``/ready`` of this process say 503 once the stop was announced; everything else is answered."""

    @app.before_request
    def tell_the_balancer() -> tuple[Response, int] | None:
        if request.path != "/ready" or not stopping.is_set():
            return None
        reason = {"check": "stopping", "reason": "this process was told to stop"}
        return jsonify(ready=False, reasons=[reason]), 503
