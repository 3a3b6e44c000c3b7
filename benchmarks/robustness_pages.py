"""Time the pages of adversarial examples, explanations and defenses in Chromium.

Run ``python -m benchmarks.robustness_pages``, or with names of pages for these alone. It prints a
table and fails if a promise is not kept.
"""

import sys
from collections.abc import Sequence

from benchmarks.pages import chromium, numbers, rows
from benchmarks.report import Row, report

DIGIT = ".st-key-digit input[type=range]"
OTHERS = "ArrowRight ArrowRight"  # another digit each time: nothing of it is kept

# address, a control and the keys that set it
PAGES = {
    "adversarial": ("adversarial", DIGIT, OTHERS),
    "adversarial, the plane": ("adversarial?picture=plane", DIGIT, OTHERS),
    "adversarial, 28 x 28": ("adversarial?victim=printed", DIGIT, OTHERS),
    "explain": ("explain", DIGIT, OTHERS),
    "explain, erasing": ("explain?picture=erase", DIGIT, OTHERS),
    "explain, baselines": ("explain?turn=baseline", DIGIT, OTHERS),
    "defend": ("defend", ".st-key-seed input[type=range]", OTHERS),
    "defend, hidden slopes": ("defend?picture=masking", DIGIT, OTHERS),
    "defend, smoothing": ("defend?picture=smoothing", DIGIT, OTHERS),
}  # fmt: skip


def table(names: Sequence[str]) -> list[Row]:
    with chromium() as (browser, url):
        return [
            row
            for name in names
            for row in rows(name, numbers(browser, f"{url}/{PAGES[name][0]}", *PAGES[name][1:]))
        ]


if __name__ == "__main__":
    report(table(sys.argv[1:] or list(PAGES)))
