"""See deep learning: an engine that turns configurations into traces that can be scrubbed.

Files in this folder are bricks shared by all labs; folders are labs, one topic each;
``ui`` is the only folder that knows Streamlit. In a notebook::

    from dlviz.descent.compute import DescentConfig, descend
    trace = descend(DescentConfig(surface="bowl", lr=0.1))
"""
