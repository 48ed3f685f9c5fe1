"""Addresses that somebody may have us call: what is outside, and what would reach inside."""

import pytest

from core.errors import Invalid
from core.vocabulary import destination, is_public

REFUSED = [
    "http://shop.example/hooks",
    "ftp://shop.example/hooks",
    "file:///etc/passwd",
    "gopher://shop.example/",
    "javascript:alert(1)",
    "//shop.example/hooks",
    "shop.example/hooks",
    "https://",
    "https:///hooks",
    "",
    "https://localhost/hooks",
    "https://LOCALHOST/hooks",
    "https://localhost./hooks",
    "https://a.localhost/",
    "https://printer/",
    "https://printer.local/",
    "https://metadata.google.internal/computeMetadata/v1/",
    "https://nas.lan/",
    "https://router.home.arpa/",
    "https://127.0.0.1/",
    "https://127.0.0.1:8080/",
    "https://127.1/",
    "https://127.0.1/",
    "https://127.255.255.254/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0x7f.0.0.1/",
    "https://0177.0.0.1/",
    "https://017700000001/",
    "https://0/",
    "https://0.0.0.0/",
    "https://127.0.0.1./",
    "https://10.0.0.1/",
    "https://10.255.255.255/",
    "https://172.16.0.1/",
    "https://172.31.255.255/",
    "https://192.168.1.1/",
    "https://169.254.169.254/latest/meta-data/",
    "https://169.254.170.2/v2/credentials",
    "https://168.63.129.16/machine",
    "https://100.100.100.200/latest/meta-data/",
    "https://192.0.0.192/opc/v1/",
    "https://192.0.2.7/",
    "https://198.18.0.1/",
    "https://198.51.100.7/",
    "https://203.0.113.7/",
    "https://224.0.0.1/",
    "https://239.255.255.250/",
    "https://240.0.0.1/",
    "https://255.255.255.255/",
    "https://2852039166/",
    "https://0xa9fea9fe/",
    "https://[::1]/",
    "https://[::]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/",
    "https://[::127.0.0.1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[64:ff9b::a9fe:a9fe]/",
    "https://[64:ff9b:1::1]/",
    "https://[2002:7f00:1::]/",
    "https://[2002:a9fe:a9fe::]/",
    "https://[2001:0:53aa:64c:0:0:0:1]/",
    "https://[2001:db8::1]/",
    "https://[fe80::1]/",
    "https://[fe80::1%25eth0]/",
    "https://[fc00::1]/",
    "https://[fd00:ec2::254]/latest/meta-data/",
    "https://[fec0::1]/",
    "https://[ff02::1]/",
    "https://[100::1]/",
    "https://[::1/",
    "https://[v1.fe80::1]/",
    "https://１２７.0.0.1/",
    "https://①②⑦.0.0.1/",
    "https://lоcalhost/",
    "https://bücher.example/",
    "https://shop.example。evil/",
    "https://me@shop.example/",
    "https://me:secret@shop.example/",
    "https://shop.example@127.0.0.1/",
    "https://shop.example\\@127.0.0.1/",
    "https://shop.example/#part",
    "https://shop.example/a b",
    "https://shop.example/a\nhost: inside",
    "https://shop.example\t/",
    "https://shop.example%00.evil.example/",
    "https://127.0.0.1%2f.shop.example/",
    "https://shop..example/",
    "https://shop.example./",
    "https://-shop.example/",
    "https://shop.example:0/",
    "https://shop.example:99999/",
    "https://shop.example:port/",
    "https://" + "a" * 64 + ".example/",
    "https://shop.example/" + "a" * 500,
]


@pytest.mark.parametrize("url", REFUSED)
def test_an_address_that_may_lead_inside_is_refused(url: str) -> None:
    with pytest.raises(Invalid, match="That address is not taken: "):
        destination(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://shop.example/hooks",
        "HTTPS://Shop.Example/hooks?a=1",
        "https://shop.example:8443/hooks",
        "https://xn--bcher-kva.example/",
        "https://8.8.8.8/hooks",
        "https://[2606:4700:4700::1111]/hooks",
        "https://a_b.shop.example/",
        "https://10.shop.example/",
    ],
)
def test_an_address_on_the_open_network_is_taken(url: str) -> None:
    assert destination(url).near is False


def test_a_host_of_our_own_network_is_taken_by_name_alone() -> None:
    near = {"shop.intranet", "10.0.0.7"}

    assert destination("http://shop.intranet:8000/hooks", near).near
    assert destination("https://10.0.0.7/", near).near
    for other in ("http://10.0.0.8/", "https://a.shop.intranet/", "http://shop.example/"):
        with pytest.raises(Invalid):
            destination(other, near)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "169.254.169.254", "100.64.0.1", "192.0.0.192", "224.0.0.1"),
        *("::1", "::", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "fe80::1%eth0"),
        *("fd00::1", "ff02::1", "2001:db8::1", "2001:10::1", "3fff::1", "5f00::1", "", "shop"),
    ],
)
def test_what_a_name_resolves_to_is_judged_whatever_it_is_wrapped_in(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1", "2606:4700::1"],
)
def test_what_is_on_the_open_network_is_so_in_every_form(address: str) -> None:
    assert is_public(address)
