"""A control group of Linux: a process in it has so much memory and processor, and no more.

Making one needs the right to; where that is missing there is none, and the caller watches.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

GROUPS = Path("/sys/fs/cgroup")
PERIOD = 100_000  # microseconds, of which a share of a core is counted


def _limits(root: Path, name: str, memory: int, cores: float) -> Mapping[Path, Mapping[str, str]]:
    """Return the folders of the group and what is written there, for either kind of groups."""
    quota = round(cores * PERIOD)
    if (root / "cgroup.controllers").exists():  # version 2: one folder for all
        both = {"memory.max": str(memory), "memory.swap.max": "0", "cpu.max": f"{quota} {PERIOD}"}
        return {root / name: both}
    return {
        root / "memory" / name: {"memory.limit_in_bytes": str(memory)},
        root / "cpu" / name: {"cpu.cfs_period_us": str(PERIOD), "cpu.cfs_quota_us": str(quota)},
    }


@contextmanager
def caged(memory: int, cores: float, root: Path = GROUPS) -> Iterator[tuple[str, ...] | None]:
    """Give the words to put before a command that is to have so little; None where nobody may.

    Parameters
    ----------
    memory : bytes, with what the system keeps of files for it; a process that needs more is killed
    cores : how many, as 0.5
    root : where the system's control groups are
    """
    limits = _limits(root, f"dlviz-{os.getpid()}", memory, cores)
    try:
        for folder, files in limits.items():
            folder.mkdir()
            for file, text in files.items():
                (folder / file).write_text(text)
        enter = "; ".join(f"echo $$ > {folder}/cgroup.procs" for folder in limits)
        words: tuple[str, ...] | None = ("sh", "-c", f'{enter}; exec "$@"', "sh")
    except OSError:
        words = None
    try:
        yield words
    finally:
        for folder in limits:
            with suppress(OSError):
                folder.rmdir()
