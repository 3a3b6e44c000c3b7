"""A page with two pads and the upload of a picture; run by ``test_pad``."""

from types import SimpleNamespace

import streamlit as st

from dlviz.drawn import cells
from dlviz.ui.own_picture import OwnPicture
from dlviz.ui.pad import Pad


class Lab(Pad, OwnPicture):
    """A page of controls alone."""


lab = Lab()
lab.state = st.session_state
lab.notes = []
lab.lesson = SimpleNamespace()
for field in ("image", "digit"):
    st.session_state.setdefault(field, "")
left, middle, right = st.columns(3)
with left:
    lab.pad("image", "Image", 3, 4, numbers=True, presets={"Corner": "f00000000001"})
with middle:
    lab.pad("digit", "Digit", 28, 28, soft=True)
    st.text(f"ink {cells(st.session_state['digit'], 28, 28).sum():.2f}")
with right:
    own = lab.own_picture(64)
    if own:
        st.text(f"mean {own.pixels.mean():.2f}")
st.text(f"image {st.session_state['image'] or 'nothing'}")
