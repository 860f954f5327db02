"""The configuration of the reverse proxy, held against what the application relies on."""

import re

import pytest
from django.urls import reverse

from realisasi.buku.penjaga import MIB, Batas
from tests.pasang.wadah import ROOT, image_environment, read_compose


@pytest.fixture
def nginx():
    """The configuration without its comments."""
    text = (ROOT / "dakikm" / "pasang" / "nginx.conf").read_text()
    return re.sub(r"(^|\s)#.*", "", text)


@pytest.fixture
def proxy():
    return read_compose()["services"]["proxy"]


def sent(nginx, header):
    return re.findall(rf"proxy_set_header {header} (\S+);", nginx)


def test_the_true_address_replaces_what_the_client_wrote(nginx):
    assert sent(nginx, "X-Forwarded-For") == ["$remote_addr"]
    assert "$proxy_add_x_forwarded_for" not in nginx


def test_the_application_learns_whether_the_request_came_encrypted(nginx):
    assert sent(nginx, "X-Forwarded-Proto") == ["$scheme"]
    assert sent(nginx, "Host") == ["$http_host"]


def test_it_leads_to_the_web_service_under_its_port(nginx):
    assert f"set $aplikasi http://web:{image_environment()['PORT']};" in nginx
    assert set(re.findall(r"proxy_pass (\S+);", nginx)) == {"$aplikasi"}


def test_it_listens_where_its_ports_lead_and_where_its_health_is_asked(nginx, proxy):
    inside = [port.rpartition(":")[2] for port in proxy["ports"]]
    assert re.findall(r"listen (\d+)[ ;]", nginx) == inside
    health = proxy["healthcheck"]["test"][-1].removeprefix("http://").rstrip("/")
    assert f"listen {health};" in nginx


def test_it_serves_no_file(nginx):
    assert re.findall(r"\b(?:root|alias|try_files|autoindex)\b", nginx) == []


def test_uploads_are_taken_whole_before_a_worker_is_busy_with_them(nginx):
    assert "proxy_request_buffering off" not in nginx


def test_the_application_refuses_a_large_workbook_itself(nginx):
    limit = int(re.search(r"client_max_body_size (\d+)m;", nginx).group(1))
    assert limit * MIB > 2 * Batas().ukuran


def test_the_certificate_is_read_where_it_is_mounted(nginx, proxy):
    target = next(v.partition(":")[2] for v in proxy["volumes"] if v.startswith("sertifikat:"))
    paths = re.findall(r"ssl_certificate(?:_key)? (\S+);", nginx)
    script = (ROOT / "dakikm" / "pasang" / "proksi.sh").read_text()
    assert paths == [f"{target}/fullchain.pem", f"{target}/privkey.pem"]
    assert f"tls={target}\n" in script


def test_links_that_set_a_password_stay_out_of_the_log(nginx):
    address = reverse("atur_sandi", args=["MQ", "kunci"])
    prefix = address.removesuffix("MQ/kunci/")
    assert f"~^{prefix} {prefix}...;" in nginx
    assert re.search(rf"location {prefix} {{\s+error_log /dev/stderr crit;", nginx)
