"""A picture of one's own, as a part of the page: a file, or the camera.

The session alone holds it: a link cannot carry it. Whatever is wrong with a file is said in one
sentence, and the last good picture stays.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dlviz.digit_photo import as_digit
from dlviz.digits import SIDE
from dlviz.drawn import text_of
from dlviz.pictures import read_picture

NONE_YET = "No picture yet. Yours will stay in this session: a link cannot carry it."

# A class that opens one file reads it once; what is kept is small.
_read = st.cache_resource(show_spinner=False, max_entries=16, ttl=1800)(read_picture)


@dataclass(frozen=True, eq=False)
class OwnPixels:
    """A picture of this session.

    Parameters
    ----------
    pixels : float64 (H, W) or (H, W, 3) in [0, 1], read-only
    key : 16 hex digits that stand for the pixels, for caches
    """

    pixels: NDArray[np.float64]
    key: str


class OwnPicture:
    """The upload of a picture, and the camera; a part of ``frame.Lab``."""

    state: Any

    def own_picture(self, longest: int = 256, *, gray: bool = True) -> OwnPixels | None:
        """Offer to upload a picture or to take one.

        Parameters
        ----------
        longest : px; larger pictures are scaled down

        Returns
        -------
        OwnPixels or None
            The last good one of this session; None if there was none yet.
        """
        uploaded = st.file_uploader("Picture: PNG, JPEG or WebP", ("png", "jpg", "jpeg", "webp"),
                                    max_upload_size=5, key="picture_file")  # fmt: skip
        taken = None
        if st.toggle("Use the camera", key="picture_camera"):
            taken = st.camera_input("Take a picture", key="picture_taken",
                                    label_visibility="collapsed")  # fmt: skip
        ways: Mapping[str, Any] = {"taken": taken, "uploaded": uploaded}
        data = {name: file.getvalue() for name, file in ways.items() if file}
        defect = self._take(data, longest, gray)
        own: OwnPixels | None = self.state.get("picture_own")
        if defect:
            st.error(defect[:1].upper() + defect[1:], icon=":material/image:")
        if own:
            height, width = own.pixels.shape[:2]
            kept = "The last one stays" if defect else "It is here"
            st.caption(f"{kept}: {width} x {height} px, in this session alone.")
        elif not defect:
            st.caption(NONE_YET)
        return own

    def own_digit(self, field: str, side: int = SIDE) -> None:
        """Offer to upload a photo of a digit, which sets a drawing of side x side cells.

        The drawing is the digit as the network's data set would have it, and can be painted on;
        ``field`` holds it as ``dlviz.drawn`` writes it. For another side it is made anew.
        """
        own = self.own_picture(160)
        if own and (own.key, side) != self.state.get("digit_of"):
            self.state.update({"digit_of": (own.key, side), "digit_refused": ""})
            try:
                self.state[field] = text_of(as_digit(own.pixels, side))
            except ValueError as refused:
                self.state["digit_refused"] = str(refused)
        if refusal := self.state.get("digit_refused"):
            st.error(refusal[:1].upper() + refusal[1:], icon=":material/image:")

    def _take(self, data: Mapping[str, bytes], longest: int, gray: bool) -> str:
        """Read what was uploaded or taken last; return what is wrong with it, "" if nothing."""
        keys = {name: sha256(part).hexdigest()[:16] for name, part in data.items()}
        before = self.state.get("picture_keys", {})
        fresh = [name for name in data if keys[name] != before.get(name)]
        self.state["picture_keys"] = keys
        last = fresh[0] if fresh else self.state.get("picture_last", "")
        if last not in data:
            last = next(iter(data), "")
        self.state["picture_last"] = last
        if not last:
            return ""
        try:
            pixels = _read(data[last], longest, gray=gray)
        except ValueError as refused:
            return str(refused)
        self.state["picture_own"] = OwnPixels(pixels, f"{keys[last]}{longest}{'g' * gray}")
        return ""
