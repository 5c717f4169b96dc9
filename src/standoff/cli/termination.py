"""SIGTERM, which batch systems and `timeout` send, ends a command as Ctrl-C does: nothing half done is left behind."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from standoff.cli.common import Terminated

_END = 0  # no signal has this number


@contextmanager
def cleaned_up() -> Iterator[None]:
    """Interrupt the block on SIGTERM, so that it removes what is half done, and raise Terminated.

    Where somebody else sees to SIGTERM, outside the main thread, and on Windows, which has no SIGTERM, nothing is changed.
    """
    if not _possible():
        yield
        return
    interrupt: KeyboardInterrupt | None = None
    watch = _Watch()
    try:
        yield
    except KeyboardInterrupt as raised:
        interrupt = raised
    finally:
        interrupt = watch.ended() or interrupt
    if watch.terminated:
        raise Terminated from None
    if interrupt is not None:
        raise interrupt


def _possible() -> bool:
    if sys.platform == "win32" or threading.current_thread() is not threading.main_thread():
        return False
    if signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        return False
    others = signal.set_wakeup_fd(-1)
    signal.set_wakeup_fd(others)
    return others == -1  # else an event loop is running, which hears signals itself


class _Watch:
    """Passes the first SIGTERM on to the main thread as SIGINT, from a thread of its own.

    While the main thread is inside a query of polars, Python calls no handler; but it writes the number of the signal to
    a pipe at once, whichever thread was hit, and SIGINT is what polars heeds. Blocking SIGTERM and waiting for it would
    not do: threads that run already would still die of it, and programs started meanwhile would never hear it.
    """

    def __init__(self) -> None:
        self.terminated = self._raised = False
        self._over = threading.Event()
        read, self._write = self._pipe = list(os.pipe())
        os.set_blocking(self._write, False)  # a signal handler must not wait
        threading.Thread(target=self._pass_on, args=(read,), daemon=True).start()
        signal.set_wakeup_fd(self._write, warn_on_full_buffer=False)
        signal.signal(signal.SIGTERM, self._handle)

    def _pass_on(self, read: int) -> None:
        while (number := os.read(read, 1)[0]) != _END:
            # Only once: `timeout` sends it twice, and the second would interrupt the cleaning up.
            if number == signal.SIGTERM and not self.terminated:
                self.terminated = True
                signal.siginterrupt(signal.SIGINT, True)  # since polars is loaded, it would let calls go on
                signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
        self._over.set()

    def _handle(self, *_: object) -> None:
        # What a script starts with "&" is to ignore SIGINT, and Python does so, though polars does not.
        if signal.getsignal(signal.SIGINT) is signal.SIG_IGN and not self._raised:
            self._raised = True
            raise KeyboardInterrupt

    def ended(self) -> KeyboardInterrupt | None:
        """End the watch, and return the interrupt that came only now, if one did."""
        late = None
        while self._pipe:
            try:
                self._end()
            except KeyboardInterrupt as interrupt:
                late = interrupt
        return late

    def _end(self) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.set_wakeup_fd(-1)
        if not self._over.is_set():
            os.write(self._write, bytes([_END]))
        self._over.wait()
        while self._pipe:
            os.close(self._pipe.pop())
