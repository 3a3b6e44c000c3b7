"""A visitor without a browser: one WebSocket, the messages that a browser would send and keep.

It opens pages by their address, changes controls, keeps polling where the page asks for it, and
reads what it is sent. It draws nothing: what a browser adds is measured elsewhere.
"""

import asyncio
import struct
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

WHOLE = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_WITH_COMPILE_ERROR)
GIVES_UP = 120.0  # seconds


@dataclass
class Visitor:
    """A session.

    Parameters
    ----------
    url : of the server, as http://127.0.0.1:8501
    headers : that its browser sends, as a cookie
    """

    url: str
    headers: dict[str, str] = field(default_factory=dict)
    picture: bytes = b""  # the packed scene that the player was sent last
    errors: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)  # of the run that goes on
    received: int = 0  # bytes
    reconnects: int = 0

    async def __aenter__(self) -> "Visitor":
        await self._connect()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.leave()

    async def _connect(self) -> None:
        self._page, self._query, self._hash = "", "", ""
        self._widgets: dict[str, WidgetState] = {}
        self._ids: dict[str, str] = {}  # of controls by their keys
        self._kept: dict[str, ForwardMsg] = {}
        self._polls: dict[str, asyncio.Task[None]] = {}
        self._paces: dict[str, float] = {}  # seconds between two of them
        self._polled: set[str] = set()
        self._over = asyncio.Event()
        parts = urlsplit(self.url)
        self._ws: ClientConnection = await connect(
            f"ws://{parts.netloc}/_stcore/stream",
            subprotocols=["streamlit"],
            additional_headers=self.headers,
            max_size=None,
            open_timeout=GIVES_UP,
            ping_interval=None,
        )
        self._reader = asyncio.create_task(self._read())

    async def leave(self) -> None:
        """Close the connection, as a tab that is closed."""
        self._stop_polls(self._polls)
        self._reader.cancel()
        await self._ws.close()

    async def come_back(self) -> None:
        """Connect again after the connection was lost, and run the page of the address."""
        page, query = self._page, self._query
        await self.leave()
        await self._connect()
        self.reconnects += 1
        await self.open(page, query)

    async def open(self, page: str, query: str = "") -> float:
        """Enter an address; return the seconds until the page has run.

        ``query`` may begin with "?": a browser leaves that out of what it sends.
        """
        self._page, self._query, self._hash = page, query.removeprefix("?"), ""
        self._widgets.clear()
        self._ids.clear()
        self.picture = b""
        return await self._run()

    async def set(self, key: str, value: float) -> float:
        """Move a slider; return the seconds until the page has run."""
        state = self._widgets[self._ids[key]] = WidgetState(id=self._ids[key])
        state.double_array_value.data[:] = [value]
        return await self._run()

    async def press(self, key: str) -> float:
        """Press a button; return the seconds until the page has run."""
        told = WidgetState(id=self._ids[key], trigger_value=True)
        return await self._run([told])

    async def until(self, said: Callable[["Visitor"], bool], patience: float = GIVES_UP) -> float:
        """Wait until the page is as ``said`` wants it; return the seconds."""
        start = time.monotonic()
        while not said(self):
            if time.monotonic() - start > patience:
                raise TimeoutError
            await asyncio.sleep(0.02)
        return time.monotonic() - start

    def has(self, key: str) -> bool:
        """Tell whether the page has a control."""
        return key in self._ids

    # ------------------------------------------------------------ messages

    async def _run(self, told: Iterable[WidgetState] = ()) -> float:
        start = time.monotonic()
        self._over.clear()
        await self._send(told=told)
        await asyncio.wait_for(self._over.wait(), GIVES_UP)
        return time.monotonic() - start

    async def _send(self, fragment: str = "", told: Iterable[WidgetState] = ()) -> None:
        message = BackMsg()
        state = message.rerun_script
        state.query_string, state.page_name = self._query, self._page
        state.page_script_hash = self._hash
        state.widget_states.CopyFrom(WidgetStates(widgets=[*self._widgets.values(), *told]))
        state.fragment_id, state.is_auto_rerun = fragment, bool(fragment)
        state.cached_message_hashes.extend(self._kept)
        state.context_info.url = f"{self.url}/{self._page}"
        await self._ws.send(message.SerializeToString())

    async def _read(self) -> None:
        try:
            async for data in self._ws:
                self.received += len(data)
                message = ForwardMsg.FromString(data)
                if message.HasField("ref_hash"):
                    metadata, message = message.metadata, self._kept[message.ref_hash]
                    message.metadata.CopyFrom(metadata)
                elif message.metadata.cacheable:
                    self._kept[message.hash] = message
                self._hear(message)
        except ConnectionClosed:
            self.errors.append("the connection was lost")

    def _hear(self, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self.texts, self._polled = [], set()
        elif kind == "navigation":
            self._hash = message.navigation.page_script_hash
        elif kind == "page_info_changed":
            self._query = message.page_info_changed.query_string
        elif kind == "page_not_found":
            self.errors.append("page not found")
        elif kind == "auto_rerun":
            rerun = message.auto_rerun
            self._poll(rerun.fragment_id, rerun.interval)
        elif kind == "script_finished":
            if message.script_finished in WHOLE:
                self._stop_polls(self._polls.keys() - self._polled)
                self._over.set()
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            self._element(message.delta.new_element)

    def _element(self, element: object) -> None:
        kind = element.WhichOneof("type")
        part = getattr(element, kind)
        if kind == "exception":
            self.errors.append(f"{self._page}?{self._query}: {part.type} {part.message}")
        elif kind == "bidi_component" and part.component_name == "dlviz_player":
            if part.id.endswith("-player"):
                (length,) = struct.unpack("<I", part.bytes[4:8])
                self.picture = part.bytes[8 + length :]
        elif kind in ("markdown", "progress"):
            self.texts.append(part.body if kind == "markdown" else part.text)
        _, _, key = getattr(part, "id", "").partition("-")[2].partition("-")  # after a hash
        if key:
            self._ids[key] = part.id

    def _poll(self, fragment: str, interval: float) -> None:
        self._polled.add(fragment)
        if self._paces.get(fragment) != interval or fragment not in self._polls:
            self._stop_polls(self._polls.keys() & {fragment})
            poll = asyncio.create_task(self._keep_polling(fragment, interval))
            self._polls[fragment], self._paces[fragment] = poll, interval

    def _stop_polls(self, fragments: Iterable[str]) -> None:
        for fragment in list(fragments):
            self._polls.pop(fragment).cancel()

    @property
    def waits(self) -> bool:
        """Whether the page looks at work that goes on."""
        return bool(self._polls)

    async def _keep_polling(self, fragment: str, interval: float) -> None:
        while True:
            await asyncio.sleep(interval)
            await self._send(fragment)
