"""Make the pictures that the home page and the README show: python -m benchmarks.pictures.

With the names of labs, only their cards: python -m benchmarks.pictures descent.

It starts the app, drives it in a browser and saves what it sees, in few colors to stay small.
"""

import io
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.chromium import FLAGS, find
from tests.browser.driving import player, settle, until
from tests.browser.server import serve

ASSETS = Path(__file__).parents[1] / "assets"
CARDS = {
    "descent": "descent?lr=0.18&start=-2.6,2.4&rotation=20",
    "race": "race?surface=beale&rates=best&steps=150&start=0.7,1.4",
    "noise": "noise?batch_size=2&lr=0.15",
    "landscape": "landscape?activation=tanh",
    "boundary": "boundary?dataset=moons&noise=0.1&activation=relu&hidden=6,4&lr=0.1",
    "origami": "origami?network=trained&dataset=circle",
    "convolution": "convolution",
    "filters": "filters",
    "gan": "gan",
    "embedding": "embedding",
    "adversarial": "adversarial?picture=plane&epsilon=0.2",
    "explain": "explain",
    "defend": "defend",
}
PROJECTOR = {"viewport": {"width": 1280, "height": 720}}
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "color_scheme": "dark",
    "device_scale_factor": 2,
}


def opened(browser: Browser, address: str, device: dict) -> Page:
    """Return a window that shows the last frame of an address's picture."""
    page = browser.new_context(**device).new_page()
    page.goto(address)
    settle(page)
    until(page, "p.scene && (p.frame > 0 || p.scene.frames < 2) && !p.options.growing")
    player(page).evaluate("box => box.player.go(Infinity)")
    page.wait_for_timeout(500)
    return page


def save(picture: bytes, name: str, width: int) -> None:
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    image = image.resize(
        (width, round(image.height * width / image.width)), Image.Resampling.LANCZOS
    )
    path = ASSETS / name
    image.quantize(128, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(
        path, optimize=True
    )
    print(f"{path.name}: {image.width} x {image.height}, {path.stat().st_size // 1024} kB")


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        serve(Path(folder) / "log.txt") as url,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=find(), args=FLAGS)
        for lab in sys.argv[1:] or CARDS:
            page = opened(browser, f"{url}/{CARDS[lab]}", PROJECTOR)
            save(player(page).locator(".panel.main").screenshot(), f"{lab}.png", 480)
        if not sys.argv[1:]:
            page = opened(browser, f"{url}/descent?lr=0.18", PROJECTOR)
            save(page.screenshot(), "screenshot-projector.png", 1280)
            page = opened(browser, f"{url}/descent?scene=basins", PHONE)
            save(page.screenshot(), "screenshot-phone.png", 390)
        browser.close()


if __name__ == "__main__":
    main()
