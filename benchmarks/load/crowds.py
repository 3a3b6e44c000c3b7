"""What many people do at once, and how long each of them waits."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field

from benchmarks.load.visitor import Visitor
from tests.browser.server import ROOT

PAGES = ("", *sorted({file.stem for file in (ROOT / "pages").glob("*.py")} - {"home"}))


@dataclass
class Waits:
    """Seconds that people waited, and what went wrong."""

    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def p(self, percent: float) -> float:
        """Return the time that so many of all waits were within."""
        ordered = sorted(self.seconds)
        return ordered[min(int(len(ordered) * percent / 100), len(ordered) - 1)]

    def add(self, visitor: Visitor, seconds: Iterable[float]) -> None:
        """Take down what a visitor has lived through."""
        self.seconds += seconds
        self.errors += visitor.errors

    def __str__(self) -> str:
        return (
            f"n {len(self.seconds)}, p50 {self.p(50):.2f} s, p95 {self.p(95):.2f} s, "
            f"errors {len(self.errors)} {self.errors[:2]}"
        )


async def together(people: int, within: float, one: Callable[[int], Awaitable[None]]) -> None:
    """Let people come one after the other within some seconds, and wait for all."""

    async def late(i: int) -> None:
        await asyncio.sleep(within * i / people)
        await one(i)

    await asyncio.gather(*(late(i) for i in range(people)))


async def opening(url: str, people: int, within: float, page: str, query: str) -> Waits:
    """Let people open one address; the wait is until its picture is there."""
    waits = Waits()

    async def one(_: int) -> None:
        start = time.monotonic()
        async with Visitor(url) as visitor:
            await visitor.open(page, query)
            await visitor.until(lambda v: bool(v.picture))
            seen = time.monotonic() - start
            await visitor.until(lambda v: not v.waits)  # people stay
            waits.add(visitor, [seen])

    await together(people, within, one)
    return waits


async def looking(url: str, people: int, seconds: float, every: float = 4.0) -> Waits:
    """Let people change a light control every few seconds, each to values of its own."""
    waits = Waits()

    async def one(i: int) -> None:
        async with Visitor(url) as visitor:
            await visitor.open("descent")
            end, waited = time.monotonic() + seconds, []
            for turn in range(10**6):
                await asyncio.sleep(max(0.0, every - (waited[-1] if waited else 0)))
                if time.monotonic() > end:
                    break
                waited.append(await visitor.set("steps", 60 + (i + 7 * turn) % 200))
            waits.add(visitor, waited)

    await together(people, every, one)
    return waits


async def training(url: str, people: int, within: float, page: str, query: str) -> Waits:
    """Let people ask for heavy work, each for work of its own; the wait is for its end."""
    waits = Waits()

    async def one(i: int) -> None:
        start = time.monotonic()
        async with Visitor(url) as visitor:
            await visitor.open(page, query.format(i))
            await visitor.until(lambda v: bool(v.picture) and not v.waits, patience=600)
            waits.add(visitor, [time.monotonic() - start])

    await together(people, within, one)
    return waits


async def walking(url: str, people: int, at_once: int = 4, patience: float = 30.0) -> Waits:
    """Let people walk every page; the wait is for each page's first picture."""
    waits, places = Waits(), asyncio.Semaphore(at_once)

    async def one(i: int) -> None:
        async with places, Visitor(url) as visitor:
            waited = []
            for page in PAGES[i % len(PAGES) :] + PAGES[: i % len(PAGES)]:
                waited.append(await visitor.open(page))
                with suppress(TimeoutError):  # work may go on while its visitor is elsewhere
                    await visitor.until(lambda v: not v.waits, patience)
            waits.add(visitor, waited)

    await together(people, 0, one)
    return waits
