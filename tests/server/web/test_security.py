"""Headers, cookies, hosts, and what happens to requests that are not ours."""

import re
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine

from server.web.app import create_app
from server.web.security import FIXED_HEADERS
from tests.people import Browser, plain_house

DEMANDED = {"default-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'"}
PAGES = ("/", "/exercises?all=1", "/sign-in", "/nothing", "/static/touchstone.css")


@pytest.mark.parametrize("address", PAGES)
def test_every_answer_carries_the_protecting_headers(browser: Browser, address: str) -> None:
    headers = browser.get(address).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_the_policy_allows_own_scripts_with_the_nonce_of_the_answer_only(browser: Browser) -> None:
    first, second = browser.get("/"), browser.get("/")
    policies = [response.headers["Content-Security-Policy"] for response in (first, second)]
    nonces = [re.findall(r"script-src 'nonce-([^']+)'", policy) for policy in policies]
    assert nonces[0] != nonces[1]
    assert f'nonce="{nonces[0][0]}"' in first.text
    for policy in policies:
        assert "unsafe" not in policy
        assert set(policy.split("; ")) >= DEMANDED


@pytest.mark.parametrize("address", ["/", "/exercises?all=1", "/sign-in", "/sign-up", "/keys", "/privacy", "/nothing"])
def test_pages_hold_no_inline_script_style_or_foreign_address(browser: Browser, address: str) -> None:
    text = browser.get(address).text
    assert not re.search(r"<script(?![^>]*\snonce=)", text)
    assert not re.search(r"\s(style|on\w+)=", text)
    assert not re.search(r"(src|href|action)=\"(https?:)?//", text)


def test_private_pages_are_not_stored_anywhere(browser: Browser) -> None:
    assert browser.get("/").headers["Cache-Control"] == "private, no-cache"
    browser.sign_up()
    for address in ("/", "/exercises?all=1", "/settings", "/settings/export", "/nothing"):
        assert browser.get(address).headers["Cache-Control"] == "no-store"
    assert browser.post("/settings/export", {"password": "wrong"}).headers["Cache-Control"] == "no-store"


def test_static_files_are_kept_for_long_only_under_their_content_mark(browser: Browser) -> None:
    marked = re.findall(r"/static/touchstone\.css\?v=\w+", browser.get("/").text)[0]
    assert "immutable" in browser.get(marked).headers["Cache-Control"]
    assert browser.get("/static/touchstone.css").headers["Cache-Control"] == "public, no-cache"


def test_marked_files_have_all_headers_and_nothing_else_is_answered_for_them(browser: Browser) -> None:
    marked = re.findall(r"/static/touchstone\.css\?v=\w+", browser.get("/").text)[0]
    answer = browser.get(marked)
    plain = browser.get("/static/touchstone.css")
    assert answer.data == plain.data
    assert {name: answer.headers[name] for name in FIXED_HEADERS} == FIXED_HEADERS
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert "Set-Cookie" not in answer.headers
    for odd in ("/static/nothing.css?v=1", "/static/../app.py?v=1", "/static/%2e%2e/app.py?v=1"):
        assert browser.get(odd).status_code == 404


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(browser: Browser) -> None:
    cookie = browser.get("/").headers["Set-Cookie"]
    assert cookie.startswith("touchstone=")
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Domain" not in cookie


def test_with_https_the_cookie_is_bound_to_the_host(sqlite_engine: Engine, tmp_path: Path) -> None:
    app = create_app(plain_house(sqlite_engine, tmp_path, base_url="https://practice.example.org"))
    cookie = app.test_client().get("/", base_url="https://practice.example.org").headers["Set-Cookie"]
    assert cookie.startswith("__Host-touchstone=")
    assert "Secure" in cookie and "Path=/" in cookie and "Domain" not in cookie


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "evil.example:80"])
def test_a_request_for_another_host_is_refused(app: Flask, host: str) -> None:
    response = app.test_client().get("/", headers={"Host": host})
    assert response.status_code == 400
    assert "evil" not in response.text


def test_what_a_visitor_writes_into_forwarded_headers_is_not_believed(browser: Browser) -> None:
    response = browser.get("/settings", headers={"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"})
    assert "evil" not in response.location


def test_behind_a_proxy_its_headers_count(sqlite_engine: Engine, tmp_path: Path) -> None:
    house = plain_house(sqlite_engine, tmp_path, base_url="https://practice.example.org", proxies=1)
    client = create_app(house).test_client()
    forwarded = {"X-Forwarded-Host": "practice.example.org", "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"}
    assert client.get("/", headers=forwarded).status_code == 200
    assert client.get("/", headers=forwarded | {"X-Forwarded-Host": "evil.example"}).status_code == 400


def test_a_body_that_is_too_large_is_refused_as_such(browser: Browser) -> None:
    browser.get("/")
    response = browser.client.post("/sign-in", data={"email": "x" * (9 * 1024 * 1024)})
    assert response.status_code == 413


def test_hundreds_of_fields_are_refused(browser: Browser) -> None:
    browser.get("/")
    fields = {f"f{number}": "x" for number in range(500)} | {"csrf_token": browser.csrf}
    response = browser.client.post("/sign-in", data=fields, content_type="multipart/form-data")
    assert response.status_code == 413


def test_scripts_send_the_token_in_a_header(browser: Browser) -> None:
    assert browser.post_json("/theme", {"theme": "dark"}).status_code == 204
    refused = browser.client.post("/theme", json={"theme": "dark"}, headers={"X-CSRFToken": "forged"})
    assert refused.status_code == 400
    assert refused.get_json()["error"]["code"] == "form_expired"


def test_a_page_without_a_referrer_can_still_send_its_form(browser: Browser) -> None:
    """Pages with a strict referrer policy send the origin "null"."""
    assert browser.post("/theme", {"theme": "dark"}, headers={"Origin": "null"}).status_code == 303


HERE = {"Sec-Fetch-Site": "same-origin"}


def test_what_an_old_page_sends_is_kept_and_can_be_sent_again(browser: Browser) -> None:
    browser.sign_up()
    browser.get("/settings")
    old = browser.csrf
    browser.post("/sign-out")
    browser.sign_in()
    written = {"csrf_token": old, "name": "Team <b> & sons\nline two"}
    kept = browser.client.post("/teams", data=written, headers=HERE)
    assert kept.status_code == 400
    assert "Send it again?" in kept.text
    assert 'name="name" value="Team &lt;b&gt; &amp; sons\nline two"' in kept.text
    assert old not in kept.text


@pytest.mark.parametrize("headers", [{}, {"Origin": "null"}])
def test_what_no_page_of_ours_is_known_to_have_sent_is_not_offered_again(browser: Browser, headers: dict[str, str]) -> None:
    browser.sign_up()
    refused = browser.client.post("/teams", data={"csrf_token": "forged", "name": "Lured"}, headers=headers)
    assert refused.status_code == 400
    assert "Lured" not in refused.text


def test_what_is_refused_leads_back_to_the_page_of_the_form(browser: Browser) -> None:
    browser.sign_up()
    browser.post("/teams", {"name": "One"})
    team = browser.get("/teams").text.split('href="/teams/')[1].split('"')[0]
    person = browser.get(f"/teams/{team}").text.split("/members/")[1].split("/")[0]
    alone = {"role": "reviewer"}
    refused = browser.post(f"/teams/{team}/members/{person}/role", alone, headers={"Referer": f"http://localhost/teams/{team}"})
    assert refused.status_code == 409
    assert f'href="/teams/{team}">Back to the page' in refused.text
    elsewhere = browser.post(f"/teams/{team}/members/{person}/role", alone, headers={"Referer": "https://evil.example/x"})
    assert "Back to the page" not in elsewhere.text


def test_a_password_is_never_written_into_a_page(browser: Browser) -> None:
    browser.get("/sign-in")
    sent = {"csrf_token": "old", "email": "mira@example.org", "password": "three random words"}
    refused = browser.client.post("/sign-in", data=sent, headers=HERE)
    assert refused.status_code == 400
    assert "three random words" not in refused.text
