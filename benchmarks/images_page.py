"""Time the pages of the chapter on images in Chromium: convolution and filters.

Run ``python -m benchmarks.images_page``. It prints a table and fails if a promise is not kept.
"""

from benchmarks.pages import chromium, first_picture, numbers, rows
from benchmarks.report import Row, report

# address, a control and the keys that set it to and fro
PAGES = {
    "convolution": ("convolution", ".st-key-size input[type=range]", "ArrowRight ArrowLeft"),
    "filters": ("filters", ".st-key-epochs input[type=range]",
                "ArrowLeft ArrowRight"),
}  # fmt: skip


def table() -> list[Row]:
    found: list[Row] = []
    with chromium() as (browser, url):
        for name, (path, control, keys) in PAGES.items():
            seen = numbers(browser, f"{url}/{path}", control, keys)
            found += rows(name, seen)
            light = min(first_picture(browser, f"{url}/descent") for _ in range(6))
            beside = f"{name}: its first picture, beside that of the lab of descent"
            found.append((beside, min(seen["first"]) / light, "times", "≤ 1.3", lambda x: x <= 1.3))
    return found


if __name__ == "__main__":
    report(table())
