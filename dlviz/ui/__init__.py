"""What pages are made of; the only folder here that imports Streamlit.

``house`` runs the app, ``lab`` is the frame of a lab's page, ``cached`` keeps pictures for all;
``leave_unasked``, before a costly picture, ends the work that this run of a page has no use for.
"""

from dlviz.ui.attention import leave_unasked
from dlviz.ui.frame import Lab, Place, lab
from dlviz.ui.house import gallery, house
from dlviz.ui.kept import cached
from dlviz.ui.player import squeeze

__all__ = ["Lab", "Place", "cached", "gallery", "house", "lab", "leave_unasked", "squeeze"]
