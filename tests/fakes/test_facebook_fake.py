"""The pretended Facebook is as strict as the real one, and fails on command."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.contract.rigs import jpeg
from tests.fakes.facebook import FacebookFake

PAGE = FacebookFake.page_id
ROOT = Path(__file__).resolve().parents[2]


class Client:
    """Plain calls, without any of our own code."""

    def __init__(self, fake: FacebookFake) -> None:
        self.fake = fake
        self.session = requests.Session()
        self.session.trust_env = False

    def call(
        self, method: str, path: str, *, token: str = FacebookFake.page_token, **more: Any
    ) -> Any:
        """The JSON of the answer."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        url = f"{self.fake.url}/{path}"
        return self.session.request(method, url, headers=headers, timeout=5, **more).json()

    def code(self, method: str, path: str, **more: Any) -> tuple[int, int | None]:
        """Code and subcode of the error that comes."""
        error = self.call(method, path, **more)["error"]
        assert error["fbtrace_id"]
        return error["code"], error.get("error_subcode")

    def photo(self, data: bytes = b"", **form: str) -> Any:
        """Upload a picture."""
        files = {"source": ("a.jpg", data or jpeg("a"))}
        form = {"published": "false", **form}
        return self.call("POST", f"v26.0/{PAGE}/photos", data=form, files=files)


@pytest.fixture
def client(facebook_fake: FacebookFake) -> Iterator[Client]:
    """A client that is not ours."""
    made = Client(facebook_fake)
    yield made
    made.session.close()


def attached(*ids: str) -> dict[str, str]:
    """The parameter."""
    return {"attached_media": json.dumps([{"media_fbid": one} for one in ids])}


def test_unknown_parameters_paths_and_versions_are_refused(client: Client) -> None:
    feed = f"v26.0/{PAGE}/feed"
    assert client.code("POST", feed, data={"message": "a", "mesage": "b"}) == (100, None)
    assert client.code("GET", "v26.0/me?pretty=1") == (100, None)
    assert client.code("GET", "v26.0/me?fields=id,nonsense") == (100, None)
    assert client.code("GET", "v26.0/me?fields=id{name") == (100, None)
    assert client.code("GET", "v26.0/me?fields=id,,name") == (100, None)
    assert client.code("GET", f"v26.0/{PAGE}/nonsense") == (2500, None)
    assert client.code("POST", f"v26.0/{PAGE}/albums") == (2500, None)
    assert client.code("GET", "me") == (2500, None)
    assert client.code("GET", "v20.0/me") == (2635, None)
    assert client.code("GET", "v26.0/12345") == (100, 33)


def test_tokens_must_be_alive_of_the_right_kind_and_allowed(client: Client) -> None:
    feed, listed = f"v26.0/{PAGE}/feed", f"v26.0/{PAGE}/published_posts"
    fake, message = client.fake, {"data": {"message": "a"}}
    assert client.code("POST", feed, token="", **message) == (104, None)
    assert client.code("POST", feed, token="EAAnobody", **message) == (190, None)
    assert client.code("POST", feed, token=fake.user_token, **message) == (190, 2069032)
    assert client.code("GET", listed, token=fake.user_token) == (210, None)
    assert client.code("POST", "v26.0/546349135390999/feed", **message) == (200, None)
    assert client.code("GET", "v26.0/me/accounts") == (100, None)
    fake.world.tokens[fake.page_token].scopes.clear()
    assert client.code("POST", feed, **message) == (200, None)
    assert client.code("GET", listed) == (10, None)
    fake.world.tokens[fake.page_token].ends_at = 1.0
    assert client.code("GET", "v26.0/me") == (190, 463)
    fake.revoke(subcode=458)
    assert client.code("GET", "v26.0/me") == (190, 458)
    assert client.code("GET", "v26.0/me?appsecret_proof=no", token=fake.user_token) == (100, None)


def test_only_pictures_of_the_right_kind_and_size_are_taken(client: Client) -> None:
    photos = f"v26.0/{PAGE}/photos"
    for data in (b"<html>", b"\xff\xd8\xff\xe0 cut short", b"RIFF....WEBPVP8 "):
        assert client.photo(data)["error"]["code"] == 324
    for data in (b"GIF89a", jpeg("x") + bytes(4_000_000)):
        assert client.photo(data)["error"]["error_subcode"] == 1366046
    assert client.code("POST", photos, data={"published": "false"}) == (324, None)
    assert client.code("POST", photos, data={"url": "http://a.example/x.jpg"}) == (324, None)
    assert client.photo(published="perhaps")["error"]["code"] == 100
    assert "id" in client.photo(b"\x89PNG\r\n\x1a\n....")


def test_posts_need_something_and_photos_of_their_own(client: Client) -> None:
    feed = f"v26.0/{PAGE}/feed"
    one = client.photo()["id"]
    foreign = client.photo()["id"]
    client.fake.world.photos[foreign].page = "546349135390999"
    assert client.code("POST", feed, data={}) == (100, None)
    assert client.code("POST", feed, data=attached("999")) == (100, None)
    assert client.code("POST", feed, data=attached(foreign)) == (100, None)
    assert client.code("POST", feed, data=attached(one, one)) == (100, None)
    assert client.code("POST", feed, data=attached(*map(str, range(11)))) == (100, None)
    assert client.code("POST", feed, data={"attached_media": "[1]"}) == (100, None)
    assert client.code("POST", feed, data={"message": "x" * 63_207}) == (100, None)
    assert client.fake.visible_posts == []
    indexed = {"attached_media[0]": json.dumps({"media_fbid": one}), "message": "a"}
    assert client.call("POST", feed, data=indexed)["id"] == client.fake.visible_posts[0].id
    assert client.code("POST", feed, data=attached(one)) == (100, 1366051)


def test_unpublished_photos_die_after_a_day_and_published_ones_do_not(client: Client) -> None:
    dead, alive = client.photo()["id"], client.photo(published="true")
    client.fake.advance(24 * 3600 + 60)
    assert client.code("GET", f"v26.0/{dead}") == (100, 33)
    assert (
        client.call("GET", f"v26.0/{alive['id']}?fields=page_story_id")["page_story_id"]
        == alive["post_id"]
    )
    assert client.code("POST", f"v26.0/{PAGE}/feed", data=attached(dead)) == (100, None)


def test_what_is_not_published_is_seen_by_nobody(client: Client) -> None:
    feed = f"v26.0/{PAGE}/feed"
    made = client.call("POST", feed, data={"message": "soon", "published": "false"})
    assert client.fake.visible_posts == []
    assert client.call("GET", f"v26.0/{PAGE}/published_posts")["data"] == []
    assert client.call("POST", f"v26.0/{made['id']}", data={"is_published": "true"}) == {
        "success": True
    }
    assert [post.message for post in client.fake.visible_posts] == ["soon"]


def test_every_answer_carries_usage_headers(client: Client) -> None:
    answer = client.session.get(f"{client.fake.url}/v26.0/me", timeout=5)

    assert json.loads(answer.headers["X-App-Usage"])["call_count"] >= 0
    assert PAGE in json.loads(answer.headers["X-Business-Use-Case-Usage"])


def test_the_dialog_checks_who_asks_and_where_it_leads(client: Client) -> None:
    good = {
        "client_id": FacebookFake.app_id,
        "redirect_uri": "http://127.0.0.1:8000/back",
        "state": "x" * 22,
        "scope": "pages_show_list",
    }

    def status(**other: str) -> int:
        address = f"{client.fake.url}/v26.0/dialog/oauth"
        return client.session.get(address, params={**good, **other}, timeout=5).status_code

    assert status() == 200
    bad = [
        {"client_id": "1"},
        {"redirect_uri": "javascript:alert(1)"},
        {"state": "short"},
        {"scope": "publish_actions"},
        {"response_type": "token"},
    ]
    assert [status(**other) for other in bad] == [400] * len(bad)
    client.fake.world.redirect_uris.append("http://127.0.0.1:8000/other")
    assert status() == 400


def test_faults_strike_the_nth_time_or_always(client: Client) -> None:
    fault = client.fake.fault("GET", "/me$", "code_1", nth=2)
    assert ["error" in client.call("GET", "v26.0/me") for _ in range(3)] == [False, True, False]
    assert fault.hits == 1
    client.fake.fault("GET", "/me$", "blocked", times=None)
    assert [client.code("GET", "v26.0/me")[0] for _ in range(3)] == [368] * 3
    with pytest.raises(ValueError, match="no fault nonsense"):
        client.fake.fault("GET", "/me$", "nonsense")  # type: ignore[arg-type]


def test_a_late_commit_happens_after_its_connection_ended(client: Client) -> None:
    client.fake.fault("POST", "/feed$", "late_commit", seconds=0.2)

    with pytest.raises(requests.ConnectionError):
        client.call("POST", f"v26.0/{PAGE}/feed", data={"message": "late"})
    assert client.fake.visible_posts == []
    client.fake.settle()

    assert [post.message for post in client.fake.visible_posts] == ["late"]


def test_a_hang_lasts_until_it_is_released(client: Client) -> None:
    client.fake.fault("GET", "/me$", "hang", seconds=30)
    client.fake.fault("POST", "/feed$", "late_commit", seconds=0.0, silent=True)

    for method, path in (("GET", "v26.0/me"), ("POST", f"v26.0/{PAGE}/feed")):
        with pytest.raises(requests.Timeout):
            client.session.request(
                method,
                f"{client.fake.url}/{path}",
                headers={"Authorization": f"Bearer {client.fake.page_token}"},
                data={"message": "a"} if method == "POST" else None,
                timeout=0.1,
            )
    client.fake.release()
    client.fake.settle()

    assert len(client.fake.visible_posts) == 1


def test_another_process_may_steer_it() -> None:
    command = [sys.executable, "-m", "tests.fakes.facebook", "--latency", "0.01"]
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process,
        ExitStack() as stack,
    ):
        stack.callback(process.terminate)
        assert process.stdout is not None
        told = dict(process.stdout.readline().split() for _ in range(5))
        base = told["address"]

        def control(name: str, **given: Any) -> requests.Response:
            return requests.post(f"{base}/_control/{name}", json=given, timeout=5)

        def me() -> Any:
            headers = {"Authorization": f"Bearer {told['token']}"}
            return requests.get(f"{base}/v26.0/me", headers=headers, timeout=5).json()

        assert me()["id"] == told["page"]
        assert control("fault", method="GET", path="/me$", kind="code_1", times=None).ok
        assert me()["error"]["code"] == 1
        assert control("clear").ok
        assert control("set", latency_s=0.0, lag_s=5.0).ok
        assert control("advance", seconds=60).ok
        assert control("release").ok
        assert me()["id"] == told["page"]
        assert control("revoke", token=told["token"]).ok
        assert me()["error"]["error_subcode"] == 460
        state = requests.get(f"{base}/_control/state", timeout=5).json()
        assert (state["posts"], state["uploads"], len(state["requests"])) == ([], 0, 4)
        assert control("reset").ok
        assert me()["id"] == told["page"]
        assert control("fault", kind="nonsense", method="GET", path="/").status_code == 400
        assert control("nonsense").status_code == 404
        assert requests.put(f"{base}/_control/state", timeout=5).status_code == 405
