import io

import numpy as np
import pytest
import segno
from PIL import Image

from dlviz.ui import share

LINK = "https://example.org/descent?surface=j2&lr=0.05&start=2.5,0"


def _modules(text):
    """Read the modules of a QR code back from its picture: True is dark."""
    image = Image.open(io.BytesIO(share.qr(text))).convert("L")
    pixels = np.asarray(image) < 128
    assert pixels.shape[0] == pixels.shape[1]
    small = pixels[4::8, 4::8]
    np.testing.assert_array_equal(np.kron(small, np.ones((8, 8), bool)), pixels)
    return small


@pytest.mark.parametrize("text", [LINK, "http://localhost:8501/", LINK + "&formula=" + "x" * 200])
def test_the_code_holds_the_link_with_a_quiet_zone_around_it(text):
    modules = _modules(text)
    code = segno.make(text, error="m", micro=False)
    assert len(modules) == 17 + 4 * code.version + 8
    np.testing.assert_array_equal(modules[4:-4, 4:-4], np.array(code.matrix, dtype=bool))
    border = modules.copy()
    border[4:-4, 4:-4] = False
    assert not border.any()


def test_the_code_is_a_png_that_a_phone_reads_from_the_last_row():
    data = share.qr(LINK)
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    assert len(data) < 20_000
    assert len(_modules(LINK)) <= 60
