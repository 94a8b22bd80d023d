"""Functions that run others on threads of their own, at once, and return what came of them.

It is separate because several files of tests start threads.
"""

import threading
from collections.abc import Callable


def in_threads(*works: Callable[[], object]) -> list[object]:
    """Runs each function on a thread of its own, all of them at once. Returns results and exceptions.

    A thread that has not ended after ten seconds has the result "hangs".
    """
    results: list[object] = ["hangs"] * len(works)
    barrier = threading.Barrier(len(works))

    def run(place: int) -> None:
        barrier.wait()
        try:
            results[place] = works[place]()
        except BaseException as error:
            results[place] = error

    threads = [threading.Thread(target=run, args=(place,), daemon=True) for place in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    return results


def elsewhere(work: Callable[[], object]) -> object:
    """Runs a function on another thread, and returns its result or its exception."""
    return in_threads(work)[0]
