"""Two replicas behind nginx: visitors stay with theirs, and get their picture back when it dies.

python -m benchmarks.load.replicas [people]
"""

import asyncio
import sys

from benchmarks.load.balanced import Balanced, balanced
from benchmarks.load.visitor import Visitor
from benchmarks.report import report

PEOPLE = 40


async def lecture(both: Balanced, people: int) -> dict[str, float]:
    """Let people set controls, kill a replica and start it again; count who is well after it."""
    visitors = [Visitor(both.url, {"Cookie": both.cookie()}) for _ in range(people)]
    await asyncio.gather(*(visitor.__aenter__() for visitor in visitors))
    await asyncio.gather(*(visitor.open("descent") for visitor in visitors))
    await asyncio.gather(*(visitor.set("steps", 50 + i) for i, visitor in enumerate(visitors)))
    before = [visitor.picture for visitor in visitors]
    for visitor in visitors:
        for _ in range(3):
            await asyncio.to_thread(lambda v=visitor: both.get("/_stcore/health", v.headers).read())
    both.replicas[0].kill()
    await asyncio.sleep(1)
    homes = both.homes()  # nginx takes down a WebSocket when it ends
    lost = [visitor for visitor in visitors if visitor.errors]
    for visitor in lost:
        visitor.errors.clear()
    await asyncio.gather(*(visitor.come_back() for visitor in lost))
    elsewhere = sum(v.picture == was for v, was in zip(visitors, before, strict=True))
    await asyncio.to_thread(both.replicas[0].start)
    await asyncio.sleep(6)  # nginx tries it again
    for visitor in visitors:
        await visitor.come_back()
    after = sum(v.picture == was for v, was in zip(visitors, before, strict=True))
    errors = [error for visitor in visitors for error in visitor.errors]
    for visitor in visitors:
        await visitor.leave()
    used = {upstream for upstreams in homes.values() for upstream in upstreams}
    return {
        "astray": sum(len(upstreams) > 1 for upstreams in homes.values()),
        "used": len(used), "lost": len(lost), "distinct": len(set(before)),
        "elsewhere": elsewhere, "after": after, "errors": len(errors),
    }  # fmt: skip


def main() -> None:
    """Print what came of it."""
    people = int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE
    with balanced() as both:
        static = next(p for p in both.get("/").read().decode().split('"') if p.endswith(".js"))
        path = "/" + static.lstrip("./")
        plain, packed = (
            len(both.get(path, {"Accept-Encoding": how}).read()) for how in ("identity", "gzip")
        )
        seen = asyncio.run(lecture(both, people))

    def everybody(count: float) -> bool:
        return count == people

    report([
        ("people on pictures of their own", seen["distinct"], "", "all", everybody),
        ("replicas in use", seen["used"], "", "2", lambda n: n == 2),
        ("visitors sent to more than one replica", seen["astray"], "", "0", lambda n: n == 0),
        ("visitors of the replica that was killed", seen["lost"], "", "some", lambda n: n > 0),
        ("on the same picture, their replica dead", seen["elsewhere"], "", "all", everybody),
        ("on the same picture, it being back", seen["after"], "", "all", everybody),
        ("errors on pages", seen["errors"], "", "0", lambda n: n == 0),
        ("main script, compressed against plain", packed / plain, "", "< 0.5", lambda r: r < 0.5),
    ])  # fmt: skip


if __name__ == "__main__":
    main()
