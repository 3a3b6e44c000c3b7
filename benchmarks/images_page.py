"""Time the pages of the chapter on images in Chromium: convolution and filters.

Run ``python -m benchmarks.images_page``. It prints a table and fails if a promise is not kept.
"""

from benchmarks.pages import chromium, numbers, rows
from benchmarks.report import Row, report

# address, a control and the keys that set it to and fro
PAGES = {
    "convolution": ("convolution", ".st-key-size input[type=range]", "ArrowRight ArrowLeft"),
    "filters": ("filters", ".st-key-epochs input[type=range]",
                "ArrowLeft ArrowRight"),
}  # fmt: skip


def table() -> list[Row]:
    with chromium() as (browser, url):
        return [
            row
            for name, (path, control, keys) in PAGES.items()
            for row in rows(name, numbers(browser, f"{url}/{path}", control, keys))
        ]


if __name__ == "__main__":
    report(table())
