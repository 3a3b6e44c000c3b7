"""What hosts are given: the container, nginx, Kubernetes, and the health check, which runs here."""

import importlib.util
import re

import pytest
import yaml

from dlviz.ui.scenefile import ROOT
from tests.browser.server import serve

DEPLOY = ROOT / "deploy"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text("utf-8")
PROXY = (DEPLOY / "dlviz.conf").read_text("utf-8")


def documents(path):
    return [part for part in yaml.safe_load_all((DEPLOY / path).read_text("utf-8")) if part]


def kubernetes(kind):
    (found,) = (part for part in documents("kubernetes/dlviz.yaml") if part["kind"] == kind)
    return found


def directives(name):
    return re.findall(rf"^\s*{name}\s+(.*?);", PROXY, re.MULTILINE | re.DOTALL)


def health():
    spec = importlib.util.spec_from_file_location("health", DEPLOY / "health.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_container_holds_the_app_alone_and_nobody_in_it_is_root():
    last = DOCKERFILE.split("FROM ")[-1]
    assert "slim" in last.splitlines()[0]
    user = re.findall(r"^USER (.*)$", last, re.MULTILINE)
    assert user and user[0] not in ("root", "0")
    assert last.index("USER ") < last.index("ENTRYPOINT")
    assert "HEALTHCHECK" in last
    copied = re.findall(r"^COPY (?!--from)(.*) \S+$", last, re.MULTILINE)
    sources = [part for line in copied for part in line.split()]
    assert {"app.py", "pages", "dlviz", "assets", "static", ".streamlit"} <= set(sources)
    assert all((ROOT / part).exists() for part in sources)
    assert not {".", "tests", "benchmarks"} & set(sources)


def test_three_replicas_stand_behind_nginx_and_are_waited_for():
    (compose,) = documents("compose.yaml")
    services = compose["services"]
    apps = [name for name in services if name != "nginx"]
    assert len(apps) == 3
    listed = re.findall(r"^server (\w+):8501", (DEPLOY / "dlviz-replicas.conf").read_text(), re.M)
    assert listed == apps
    waits = services["nginx"]["depends_on"]
    assert {name: waits[name]["condition"] for name in apps} == dict.fromkeys(
        apps, "service_healthy"
    )
    for mount in services["nginx"]["volumes"]:
        assert (DEPLOY / mount.split(":")[0]).is_file()
    for name in apps:
        assert services[name]["read_only"]
        assert "STREAMLIT_SERVER_COOKIE_SECRET" in services[name]["environment"]


def test_nginx_keeps_a_visitor_on_a_replica_and_lets_a_websocket_through():
    assert directives("hash") == ["$dlviz_visitor consistent"]
    assert "ip_hash" not in PROXY
    assert directives("proxy_http_version") == ["1.1"]
    assert "Upgrade $http_upgrade" in directives("proxy_set_header")
    assert "Connection $dlviz_connection" in directives("proxy_set_header")
    assert directives("proxy_read_timeout") == ["1h"]
    assert directives("gzip") == ["on"]
    assert "application/javascript" in directives("gzip_types")[0]


@pytest.mark.parametrize(
    "header",
    ["X-Content-Type-Options", "Referrer-Policy", "Permissions-Policy", "Content-Security-Policy"],
)
def test_nginx_sends_the_headers_of_security(header):
    assert re.search(rf"^    add_header {header} .* always;$", PROXY, re.MULTILINE)


def test_kubernetes_keeps_visitors_on_their_pods_and_adds_pods():
    notes = kubernetes("Ingress")["metadata"]["annotations"]
    assert notes["nginx.ingress.kubernetes.io/affinity"] == "cookie"
    scaler = kubernetes("HorizontalPodAutoscaler")["spec"]
    assert scaler["minReplicas"] >= 2 < scaler["maxReplicas"]
    deployment = kubernetes("Deployment")
    assert scaler["scaleTargetRef"]["name"] == deployment["metadata"]["name"]
    assert "replicas" not in deployment["spec"]  # that is the autoscaler's
    (app,) = deployment["spec"]["template"]["spec"]["containers"]
    for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
        assert app[probe]["httpGet"] == {"path": "/_stcore/health", "port": 8501}
    assert app["securityContext"]["allowPrivilegeEscalation"] is False
    assert deployment["spec"]["template"]["spec"]["securityContext"]["runAsNonRoot"] is True


def test_the_health_check_tells_a_server_from_none_and_opens_its_pages(
    tmp_path, capsys, monkeypatch
):
    check = health()
    assert "home" in check.PAGES
    monkeypatch.setattr(check, "PAGES", ["home", "descent"])
    assert not check.healthy("http://127.0.0.1:9")
    with serve(tmp_path / "log") as url:
        assert check.healthy(url)
        check.warm_up(url)
    assert capsys.readouterr().out.startswith("2 pages opened in ")
    assert "Traceback" not in (tmp_path / "log").read_text()
