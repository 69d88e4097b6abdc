"""`python -m huimin.platform.processes.child PARENT MODULE …`: run a module that ends when its parent ends.

PARENT is the process id of `huimin serve`. A parent that is killed outright cannot stop its children, so each child
does it itself. On Linux the kernel sends the signal; elsewhere a thread checks every second whether the parent is still
the same.
"""

from __future__ import annotations

import ctypes
import os
import runpy
import signal
import sys
import threading
import time

__all__ = ["PARENT_VARIABLE", "end_with_parent", "watch_parent"]

PARENT_VARIABLE = "HUIMIN_PARENT"
"""The environment variable with the parent's process id, for a module's own workers."""
_PR_SET_PDEATHSIG = 1
_LOOK_EVERY = 1.0


def end_with_parent(parent: int, with_signal: int = signal.SIGTERM) -> None:
    """Send `with_signal` to this process when `parent` ends, however it ends. Call it from the main thread.

    A parent that ended before the call is noticed too: this process then ends at once.
    """
    if not _told_by_kernel(with_signal):
        threading.Thread(target=watch_parent, args=(parent, with_signal), daemon=True).start()
    if os.getppid() != parent:
        os.kill(os.getpid(), with_signal)


def watch_parent(parent: int, with_signal: int, look_every: float = _LOOK_EVERY) -> None:
    """Wait until this process has another parent, because its own has ended, and then send it the signal."""
    while os.getppid() == parent:
        time.sleep(look_every)
    os.kill(os.getpid(), with_signal)


def _told_by_kernel(with_signal: int) -> bool:
    if not sys.platform.startswith("linux"):
        return False
    return int(ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(with_signal))) == 0


def main() -> None:
    parent, module, *rest = sys.argv[1:]
    end_with_parent(int(parent))
    os.environ[PARENT_VARIABLE] = str(os.getpid())
    sys.argv = [module, *rest]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
