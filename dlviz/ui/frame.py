"""The frame of a lab's page: question, scenes, stage, controls, and the settings they share.

A page reads from top to bottom: ``lab = ui.lab("descent")``, controls, ``config = lab.config()``,
``lab.stage(...)``, ``lab.tabs(...)``.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from operator import attrgetter
from types import MappingProxyType
from typing import Any

import plotly.graph_objects as go
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dlviz.executors import Function
from dlviz.lessons import Lesson, Preset
from dlviz.scene import Scene
from dlviz.ui import address, player, precedence
from dlviz.ui.chart import chart
from dlviz.ui.house import ASSETS, enter, question, see
from dlviz.ui.number_grid import NumberGrid
from dlviz.ui.own_picture import OwnPicture
from dlviz.ui.own_table import OwnTable
from dlviz.ui.pad import Pad
from dlviz.ui.runs import Runs
from dlviz.ui.settings import Settings
from dlviz.ui.share import share
from dlviz.ui.surface_controls import SurfaceControls
from dlviz.ui.teaching import Teaching
from dlviz.ui.update_rules import UpdateRules
from dlviz.ui.work import Progress, Work

Place = Mapping[str, Any]  # where a picture was touched: panel, x, y, frame


def lab(name: str) -> "Lab":
    """Open the page of a lab: the first line of every page."""
    enter()
    return Lab(name, import_module(f"dlviz.{name}.lesson").LESSON)


class Lab(
    UpdateRules, SurfaceControls, Pad, NumberGrid, Settings, Runs, Teaching, Work, OwnTable,
    OwnPicture,
):  # fmt: skip
    """One page while it runs."""

    def __init__(self, name: str, lesson: Lesson) -> None:
        self.name = name
        self.lesson = lesson
        self.state = st.session_state
        self.notes = self.state["notes"] = self._follow_url()
        self.alone = bool(st.context.is_embedded)
        self.presenting = self.state.get("present") == "1"
        self.at_scene = False  # whether the settings are exactly those of a scene
        self._lay_out()

    def config(self) -> Any:
        """Return the Config of all settings, write the URL, and offer it to others."""
        config = super().config()
        if not self.alone:
            with self.share_place:
                share(self.name)
        return config

    # ------------------------------------------------------------ layout

    def _lay_out(self) -> None:
        for sheet in ("page.css", "bare.css")[: 2 if self.presenting or self.alone else 1]:
            st.html(ASSETS / sheet)
        if not self.alone:
            head, steps = st.columns([0.64, 0.36], vertical_alignment="center")
            head.title(question(self.name), anchor=False)
        left, right = st.columns([0.76, 0.24], gap="medium")
        self.stage_place: DeltaGenerator = left.container(key="stage")
        self.control_place: DeltaGenerator = right.container(key="controls", gap="xsmall")
        self.below_place: DeltaGenerator = st.container(key="below")
        precedence.prefer(self.stage_place)
        if not self.alone:
            with steps:
                self._scene_steps()

    # fmt: off
    def _scene_steps(self) -> None:
        scenes = self.lesson.scenes
        words = {s.slug: f"{i}/{len(scenes)} · {s.title}" for i, s in enumerate(scenes, 1)}
        if not self.state["scene"]:
            words = {"": f"{len(scenes)} scenes", **words}
        self.state["scene_choice"] = self.state["scene"]
        with st.container(horizontal=True, vertical_alignment="center", key="scenes", gap="small"):
            st.button("Scene before", key="scene_back", icon=":material/chevron_left:",
                      help="Page Up", on_click=self.step_scene, args=(-1,))
            st.selectbox("Scene", list(words), list(words).index(self.state["scene"]),
                         words.__getitem__, key="scene_choice", label_visibility="collapsed",
                         on_change=self._choose_scene)
            st.button("Next scene", key="scene_next", icon=":material/chevron_right:",
                      help="Page Down", on_click=self.step_scene, args=(1,))
            self.share_place = st.container(key="share", width="content")

    # fmt: on
    def _scene_index(self) -> int:
        slugs = [scene.slug for scene in self.lesson.scenes]
        return slugs.index(self.state["scene"]) if self.state["scene"] in slugs else 0

    def _choose_scene(self) -> None:
        chosen = self.lesson.scene(self.state["scene_choice"])
        if chosen:
            self.show_scene(chosen)

    def step_scene(self, by: int) -> None:
        """Go to the scene before or after, within the list."""
        last = len(self.lesson.scenes) - 1
        self.show_scene(self.lesson.scenes[min(last, max(0, self._scene_index() + by))])

    def show_scene(self, scene: Preset) -> None:
        """Set up a scene and play it."""
        self.set(scene.settings, keep_others=False)
        fresh = {"scene": scene.slug, "pin": "", "branch": "", "asked": None, "restart": True}
        self.state.update(fresh)

    @contextmanager
    def controls(self) -> Iterator[None]:
        """Place what follows in the column of controls."""
        with self.control_place:
            yield

    def follow(
        self, doing: str, function: Function, *args: Hashable,
        share: Callable[[Any], float] = attrgetter("share"),
    ) -> Progress:  # fmt: skip
        """Return how far some work is, as ``work`` does, and show it among the controls."""
        job = self.work(function, *args, share=share)
        with self.controls():
            self.progress(job, doing)
        return job

    def follow_two(
        self, doing: str, function: Function, args: Sequence[Hashable],
        others: Sequence[Hashable] | None, *, share: Callable[[Any], float] = attrgetter("share"),
    ) -> tuple[Progress, Any, bool]:  # fmt: skip
        """Follow some work and that of a pinned run, ``others``, if there is one.

        Returns
        -------
        how far the work is, what there is of the pinned run (or None), and whether all is there
        """
        job = self.follow(doing, function, *args, share=share)
        if not others:
            return job, None, job.whole
        beside = self.follow(doing, function, *others, share=share)
        return job, beside.latest, job.whole and beside.done

    # ------------------------------------------------------------ the stage

    def stage(
        self,
        scene: bytes,
        knob: str,
        values: tuple[float, ...],
        pick: Callable[[Place], None] | None = None,
        *,
        on: Mapping[str, Callable[[Any], None]] = MappingProxyType({}),
        **options: Any,
    ) -> None:
        """Show the main picture.

        Parameters
        ----------
        scene : squeezed
        knob : the field that the player's knob sets, and ``values`` all it can be
        pick : hears where a click or drag landed: panel, x, y, frame
        on : hears what the hand does, in place of what is done here: "paint" a stroke, "branch"
            at a step; weights changed by hand are put into the field ``edits``
        options : of the player: ``branch``, ``growing``, ``brush``, ``edits``
        """

        def hear(event: str, said: Any) -> None:
            if event in on:
                on[event](said)
            elif event == "knob":
                self.state[knob] = type(address.defaults(self.lesson)[knob])(said)
            elif event == "pick" and pick:
                pick(said)
            elif event == "scene":
                self.show_scene(self.lesson.scenes[int(said)])
            elif event == "present":
                self.state["present"] = "1" if said else ""
            elif event == "branch":
                self.branch_at(int(said))
            elif event == "edit":
                self.state["edits"] = said

        self.turn_to_nearest(knob, values)
        here = self.lesson.scene(self.state["scene"]) if self.at_scene else None
        with self.stage_place:
            if self.notes:
                st.caption(f":material/info: {' '.join(self.notes)}")
            player.show(
                scene, key="player", hear=hear, value=self.state[knob], values=values,
                restart=self.state.pop("restart", False), main=True, presenting=self.presenting,
                scene_index=self._scene_index(), scene_count=len(self.lesson.scenes),
                alone=self.alone, name=self.name,
                at_end=bool(here and here.opens_at_end), **options,
            )  # fmt: skip
            precedence.is_out()
            if here and not self.alone:
                st.container(key="caption").markdown(here.caption)

    def replay(self) -> None:
        """Play what comes next from its start."""
        self.state["restart"] = True

    @property
    def dark(self) -> bool:
        """Whether the page is dark."""
        return st.context.theme.type == "dark"

    def small(self, scene: Scene, key: str, *, autoplay: bool = False) -> None:
        """Show a further player, for a small scene of the page's own."""
        player.draw(scene, key=key, autoplay=autoplay)

    def chart(self, figure: go.Figure, alt: str) -> None:
        """Show a plotly figure that keeps its camera."""
        chart(figure, key="chart", alt=alt)

    def see(self, lab: str, label: str, settings: Mapping[str, Any]) -> None:
        """Place a link to the page of another lab, with its settings chosen."""
        see(lab, label, settings)

    def tabs(
        self, parts: Mapping[str, Callable[[], None]], code: tuple[str, str] | None = None
    ) -> None:
        """Show the parts under the stage, one at a time; only the open one is made.

        ``code`` is a script and what it does: challenges, the script and sources come last then.
        """
        if code:
            last = {"Challenges": self.challenges, "Code": lambda: self.code(*code)}
            parts = {**parts, **last, "Sources": self.sources}
        if self.alone or self.presenting:
            return
        with self.below_place:
            opened = st.tabs(list(parts), key="tab", on_change="rerun")
            for tab, make in zip(opened, parts.values(), strict=True):
                if tab.open:
                    with tab:
                        make()
