"""Is the server well?  And: open its pages before anyone does, so that nobody waits for the first.

python deploy/health.py                                  exits 0 if it answers
python deploy/health.py --warm-up http://127.0.0.1:8501  opens every page once
"""

import os
import sys
import time
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

PATIENCE = 120.0  # seconds
PAGES = sorted(file.stem for file in (Path(__file__).parents[1] / "pages").glob("*.py"))


def healthy(url: str) -> bool:
    """Tell whether the server answers."""
    try:
        return urllib.request.urlopen(url + "/_stcore/health", timeout=2).status == 200
    except OSError:
        return False


def visit(url: str, page: str) -> None:
    """Open a page, and stay until it has run."""
    address = f"ws://{urlsplit(url).netloc}/_stcore/stream"
    with connect(address, subprotocols=["streamlit"], max_size=None) as socket:
        message = BackMsg()
        message.rerun_script.page_name = page
        socket.send(message.SerializeToString())
        while ForwardMsg.FromString(socket.recv(PATIENCE)).WhichOneof("type") != "script_finished":
            pass


def warm_up(url: str) -> None:
    """Wait for the server, and visit its pages."""
    deadline = time.monotonic() + PATIENCE
    while not healthy(url) and time.monotonic() < deadline:
        time.sleep(0.2)
    start = time.monotonic()
    for page in PAGES:
        visit(url, "" if page == "home" else page)
    print(f"{len(PAGES)} pages opened in {time.monotonic() - start:.1f} s", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--warm-up"]:
        warm_up(sys.argv[2])
    elif not healthy(f"http://127.0.0.1:{os.environ.get('PORT', '8501')}"):
        raise SystemExit(1)
