"""Replicas of the app behind nginx, with the configuration of ``deploy/``, on the loopback."""

import http.client
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.load.server import Server
from tests.browser.server import ROOT, free_port

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
HTTP = """
daemon off;
worker_processes 1;
pid {folder}/pid;
error_log {folder}/error.log;
events {{ worker_connections 4096; }}
http {{
    log_format replica "$cookie_dlviz_replica $upstream_addr $status $request_uri";
    access_log {folder}/access.log replica;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    scgi_temp_path {folder}/scgi;
    uwsgi_temp_path {folder}/uwsgi;
    include /etc/nginx/mime.types;
    include {folder}/dlviz.conf;
}}
"""


def write(folder: Path, port: int, replicas: list[int]) -> Path:
    """Write the configuration of ``deploy/`` for these ports; return the main file."""
    said = (ROOT / "deploy" / "dlviz.conf").read_text("utf-8")
    said = said.replace("listen 8080;", f"listen 127.0.0.1:{port};")
    listed = [f"server 127.0.0.1:{at} max_fails=1 fail_timeout=5s;" for at in replicas]
    (folder / "dlviz.conf").write_text(said, "utf-8")
    (folder / "dlviz-replicas.conf").write_text("\n".join(listed), "utf-8")
    main = folder / "nginx.conf"
    main.write_text(HTTP.format(folder=folder), "utf-8")
    return main


class Balanced:
    """nginx and the replicas behind it."""

    def __init__(self, replicas: int) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="dlviz-nginx-"))
        self.replicas = [Server() for _ in range(replicas)]
        self.port = free_port()
        main = write(self.folder, self.port, [server.port for server in self.replicas])
        self.process = subprocess.Popen([str(NGINX), "-c", str(main), "-p", str(self.folder)])
        self.url = f"http://127.0.0.1:{self.port}"
        time.sleep(1)

    def get(self, path: str, headers: dict[str, str] | None = None) -> http.client.HTTPResponse:
        """Return an answer to a browser's first request."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", path, headers=headers or {})
        return connection.getresponse()

    def cookie(self) -> str:
        """Return the cookie that a new browser is given."""
        return (self.get("/").getheader("Set-Cookie") or "").partition(";")[0]

    def homes(self) -> dict[str, set[str]]:
        """Return the replicas that each visitor has been sent to."""
        found: dict[str, set[str]] = {}
        for line in (self.folder / "access.log").read_text().splitlines():
            visitor, upstream, *_ = line.split(" ")
            if visitor != "-":
                found.setdefault(visitor, set()).add(upstream)
        return found

    def stop(self) -> None:
        """End all."""
        self.process.terminate()
        self.process.wait(10)
        for server in self.replicas:
            if server.process.poll() is None:
                server.stop()


@contextmanager
def balanced(replicas: int = 2) -> Iterator[Balanced]:
    """Start replicas and nginx, and stop them in the end."""
    both = Balanced(replicas)
    try:
        yield both
    finally:
        both.stop()
