"""One line of JSON in the server's log for each heavy job: whose, how long, how it ended."""

import hashlib
import json
import logging
from collections.abc import Hashable
from dataclasses import fields, is_dataclass
from typing import Any

from dlviz.executors import Function

LOG = logging.getLogger("dlviz.jobs")


def log_job(
    function: Function, args: tuple[Hashable, ...], *, queued: float, ran: float, outcome: str
) -> None:
    """Write the line of a job that has ended.

    Parameters
    ----------
    queued, ran : seconds that it waited and worked
    outcome : "done", "failed", "overdue" or "abandoned"
    """
    line = {
        "job": function.__name__,
        "lab": lab_of(function),
        "config": config_hash(args),
        "queued": round(queued, 3),
        "ran": round(ran, 3),
        "outcome": outcome,
    }
    LOG.info(json.dumps(line))


def lab_of(function: Function) -> str:
    """Return the lab of the engine that a function belongs to."""
    _, _, inside = function.__module__.partition("dlviz.")
    return inside.partition(".")[0] or function.__module__


def config_hash(args: tuple[Hashable, ...]) -> str:
    """Return twelve hexadecimal digits of what a job was called with: no data of anyone's."""
    return hashlib.sha256(repr([_told(arg) for arg in args]).encode()).hexdigest()[:12]


def _told(thing: Any) -> Any:
    """Return what tells a thing in each process alike; of data and runs their sizes alone."""
    if isinstance(thing, tuple | list):
        return [_told(part) for part in thing]
    if is_dataclass(thing) and not isinstance(thing, type):
        return type(thing).__name__, [_told(getattr(thing, field.name)) for field in fields(thing)]
    plain = isinstance(thing, str | int | float | bytes | None)
    return thing if plain else (type(thing).__name__, getattr(thing, "shape", ()))


def log_to_terminal() -> None:
    """Let the lines appear where the server's own do; once for a process."""
    if LOG.handlers:
        return
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    LOG.addHandler(handler)
    LOG.setLevel(logging.INFO)
