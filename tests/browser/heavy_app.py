"""A page with heavy work that goes on as far as a file says; run by ``test_work``.

It is the descent lab with as many steps in the picture as the file ``reached`` in a folder says.
The file ``log`` there tells when the work began, and how it ended. Which folder that is, the file
``leader`` in the folder of the command line says.
"""

import sys
import time
from dataclasses import replace
from pathlib import Path

import streamlit as st

from dlviz import ui
from dlviz.descent import compute, figures
from dlviz.descent.rates import learning_rates, sweep_limits

FOLDER = Path(sys.argv[1], "leader").read_text()


def counted(folder, config):
    """Yield how many steps are done, which is what the file says, until all are."""
    steps = range(config.steps + 1)  # the same number again is nothing new
    with Path(folder, "log").open("a", buffering=1) as log:
        print("began", config.steps, file=log)
        try:
            done = 0
            while done < config.steps:
                done = min(int(Path(folder, "reached").read_text()), config.steps)
                yield steps[done]
                time.sleep(0.02)
            print("done", config.steps, file=log)
        except GeneratorExit:
            print("given up", config.steps, file=log)


st.set_page_config(layout="wide")
st.session_state["routed"] = True
st.session_state["runs"] = st.session_state.get("runs", 0) + 1
lab = ui.lab("descent")
with lab.controls():
    lab.slider("steps", "Steps", 1, 300)
config = lab.config()
job = lab.work(counted, FOLDER, config, share=lambda done: done / config.steps)
values = learning_rates(config.lr)
at_rest = replace(config, lr=values[0], steps=max(job.latest or 0, 1))
sweep = compute.sweep(at_rest, "lr", values)
scene = ui.squeeze(figures.descent_scene(sweep, sweep_limits(sweep)))
lab.stage(scene, "lr", values, growing=not job.done)
with lab.controls():
    lab.progress(job, "Counting")
st.text(f"run {st.session_state['runs']}")
