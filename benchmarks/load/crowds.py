"""What many people do at once, and how long each of them waits."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field

from benchmarks.load.visitor import Visitor
from tests.browser.server import ROOT

REROLL = "re-roll"  # the button's key
PAGES = ("", *sorted({file.stem for file in (ROOT / "pages").glob("*.py")} - {"home"}))


@dataclass
class Waits:
    """Seconds that people waited, and what went wrong."""

    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    began: list[float] = field(default_factory=list)  # when each of them began, where that counts

    def p(self, percent: float) -> float:
        """Return the time that so many of all waits were within."""
        ordered = sorted(self.seconds)
        return ordered[min(int(len(ordered) * percent / 100), len(ordered) - 1)]

    def within(self, spans: Iterable[tuple[float, float]]) -> "Waits":
        """Return those that began within some spans of time."""
        spans = list(spans)
        waits = zip(self.began, self.seconds, strict=True)
        return Waits([s for at, s in waits if any(begin <= at < end for begin, end in spans)])

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
            opened = asyncio.create_task(visitor.open(page, query))
            await visitor.until(lambda v: bool(v.picture))
            seen = time.monotonic() - start
            await opened
            await visitor.until(lambda v: not v.waits)  # people stay
            waits.add(visitor, [seen])

    await together(people, within, one)
    return waits


async def looking(url: str, people: int, over: Callable[[], bool], every: float = 4.0) -> Waits:
    """Let people change a light control every few seconds until it is over.

    Each looks at a picture of one's own, so that none is there already, and changes it after half
    to one and a half times as many seconds: people who once came together do not so for ever.
    """
    waits = Waits()

    async def one(i: int) -> None:
        mood = random.Random(i)
        async with Visitor(url) as visitor:
            await visitor.open("descent", f"start=-2.5,{1 + i / 100}")
            waited = 0.0
            for turn in range(10**6):
                await asyncio.sleep(max(0.0, every * mood.uniform(0.5, 1.5) - waited))
                if over():
                    break
                began = time.monotonic()
                waited = await visitor.set("steps", 60 + 7 * turn % 200)
                waits.began.append(began)
                waits.seconds.append(waited)
            waits.add(visitor, [])

    await together(people, every, one)
    return waits


async def training(url: str, people: int, within: float, page: str, query: str) -> Waits:
    """Let people ask for heavy work, each for work of its own; the wait is for its end.

    ``query`` has a place for a number, each one's own.
    """
    waits = Waits()

    async def one(i: int) -> None:
        start = time.monotonic()
        async with Visitor(url) as visitor:
            await visitor.open(page, query.format(i))
            await visitor.until(lambda v: bool(v.picture) and not v.waits, patience=600)
            waits.add(visitor, [time.monotonic() - start])

    await together(people, within, one)
    return waits


async def rerolling(visitors: list[Visitor], within: float) -> Waits:
    """Let people on the boundary lab's page train anew, each from other weights than all others."""
    waits = Waits()

    async def one(i: int) -> None:
        visitor, start = visitors[i], time.monotonic()
        before = visitor.picture
        await visitor.press(REROLL)
        await visitor.until(lambda v: v.picture != before and not v.waits, patience=600)
        waits.began.append(start)
        waits.add(visitor, [time.monotonic() - start])

    await together(len(visitors), within, one)
    return waits


async def walking(
    url: str, people: int, at_once: int = 4, patience: float = 30.0, pages: int = len(PAGES)
) -> Waits:
    """Let people walk the pages, or some of them each; the wait is for a page's first picture."""
    waits, places = Waits(), asyncio.Semaphore(at_once)

    async def one(i: int) -> None:
        async with places, Visitor(url) as visitor:
            waited = []
            for step in range(pages):
                waited.append(await visitor.open(PAGES[(i * pages + step) % len(PAGES)]))
                with suppress(TimeoutError):  # work may go on while its visitor is elsewhere
                    await visitor.until(lambda v: not v.waits, patience)
            waits.add(visitor, waited)

    await together(people, 0, one)
    return waits
