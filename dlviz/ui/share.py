"""A link and a QR code to exactly what is on the screen."""

import io

import segno
import streamlit as st

from dlviz.ui import address

PRIVATE = ("done",)  # one's own progress is nobody else's business


def share(lab: str) -> None:
    """Offer the link to this view, as words and as a code for phones."""
    place = st.popover("Share", icon=":material/qr_code_2:", key="share_open", on_change="rerun")
    if not place.open:
        return
    with place:
        params = {k: v for k, v in st.query_params.to_dict().items() if k not in PRIVATE}
        here = address.link(params)
        st.markdown("Everyone who opens this link sees what you see.")
        st.code(here, language=None, wrap_lines=True)
        st.image(qr(here), width=280, alt=f"QR code of the link to this view of {lab}")
        embedded = address.link({**params, "embed": "true"})
        st.markdown("For a slide or a web page (the stage alone):")
        st.code(
            f'<iframe src="{embedded}" width="900" height="620"></iframe>',
            language=None,
            wrap_lines=True,
        )


def qr(text: str) -> bytes:
    """Return a QR code of ``text`` as PNG, dark on white in either theme, with its quiet zone."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="png", scale=8, border=4)
    return out.getvalue()
