"""How the server ends: asked to, it finishes what it is at; killed, it loses nothing."""

from __future__ import annotations

import http.client
import socket
import threading
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from gallery.albums.renditions import path_of
from gallery.imaging import STANDARD_EDGES
from gallery.models import Album, PhotoState
from gallery.networks import practice
from tests.fakes.facebook import FacebookFake
from tests.faults.ground import wait_until
from tests.samples import make_photos
from tests.server.client import BOUNDARY, Client, head_of
from tests.server.running import Site, descendants_of, is_alive
from tests.server.stock import Stock

pytestmark = pytest.mark.server


class SlowUpload:
    """A form with one photo, sent in two halves."""

    def __init__(self, client: Client, album: Album, photo: Path) -> None:
        token = client.token()
        field = (
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n'
        )
        end = f"\r\n--{BOUNDARY}--\r\n"
        self.body = field.encode() + head_of(photo.name) + photo.read_bytes() + end.encode()
        self.socket = socket.create_connection(("127.0.0.1", urlsplit(client.url).port or 80))
        cookies = "; ".join(f"{c.name}={c.value}" for c in client.session.cookies)
        self.socket.sendall(
            f"POST /studio/a/{album.id}/add HTTP/1.1\r\nHost: {urlsplit(client.url).netloc}\r\n"
            f"Cookie: {cookies}\r\nAccept: application/json\r\n"
            f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n"
            f"Content-Length: {len(self.body)}\r\n\r\n".encode()
        )

    def send_half(self) -> None:
        """The first half."""
        self.socket.sendall(self.body[: len(self.body) // 2])

    def finish(self) -> tuple[int, bytes]:
        """The rest, and the answer."""
        with self.socket:
            self.socket.sendall(self.body[len(self.body) // 2 :])
            answer = http.client.HTTPResponse(self.socket)
            answer.begin()
            with answer:
                return answer.status, answer.read()


@pytest.fixture
def photos(tmp_path: Path) -> list[Path]:
    """Twelve photos of two megapixels."""
    return make_photos(tmp_path / "photos", 12, megapixels=2.0)


def is_receiving(site: Site) -> bool:
    """Whether a form is being written to the storage's waiting room."""
    waiting_room = str(site.settings.storage_folder / "tmp")
    files = [fd for fd in Path(f"/proc/{site.worker}/fd").iterdir() if fd.is_symlink()]
    return any(str(fd.readlink()).startswith(waiting_room) for fd in files)


def test_asked_to_end_it_sends_its_answers_first_and_its_workers_stop(
    site: Site, stock: Stock, owner: Client, photos: list[Path]
) -> None:
    album = stock.album("Ended politely")
    samples = stock.album("Drawn slowly")
    upload = SlowUpload(owner, album, photos[0])
    upload.send_half()
    wait_until(lambda: is_receiving(site))
    slow: list[int] = []
    drawing = threading.Thread(
        target=lambda: slow.append(owner.post(f"/studio/a/{samples.id}/samples", {}).status_code)
    )
    drawing.start()
    wait_until(lambda: any(site.tmp.glob("*/*.jpg")))
    others = descendants_of(site.process.pid)

    site.process.terminate()
    status, body = upload.finish()
    drawing.join()

    assert (status, slow) == (200, [303])
    assert b'"arrived"' in body
    assert site.process.wait(40) == 0
    assert [pid for pid in others if is_alive(pid)] == []
    assert "Traceback" not in site.complaints()
    assert [photo.file for photo in stock.photos(album)] == [photos[0].name]
    assert len(stock.photos(samples)) == 12


def test_killed_while_it_prepares_and_posts_it_goes_on_where_it_was(
    site: Site, stock: Stock, owner: Client, facebook_fake: FacebookFake, photos: list[Path]
) -> None:
    posted = stock.filled_album("Killed on its way", photos[:3])
    arriving = stock.album("Killed while it arrives")
    uploaded = owner.upload(arriving.id, [(path.name, path) for path in photos])
    facebook_fake.control.latency_s = 0.2
    held = facebook_fake.fault("POST", "/feed$", "hang_after_commit", seconds=120)
    delivery = stock.order(posted, stock.page(facebook_fake))
    wait_until(lambda: held.hits == 1)

    site.kill()
    states = [photo.state for photo in stock.photos(arriving)]
    facebook_fake.release()
    facebook_fake.control.latency_s = 0.0
    site.start()

    assert [row["outcome"] for row in uploaded] == ["added"] * 12
    assert PhotoState.WAITING in states
    stock.wait_until_ready(arriving, 12)
    for photo in stock.photos(arriving):
        for edge in STANDARD_EDGES:
            assert path_of(site.services.storage, photo, f"{edge}.jpg").stat().st_size > 0
    assert stock.published(delivery).posts[0].url == facebook_fake.visible_posts[0].permalink_url
    assert [post.photo_count for post in facebook_fake.visible_posts] == [3]
    assert site.stop() == 0


def test_killed_again_and_again_no_photo_is_lost_and_no_practice_post_doubled(
    site: Site, stock: Stock, owner: Client, photos: list[Path]
) -> None:
    account = stock.connect("practice", {"name": "Drill", "lost_answers": "yes"})
    other = stock.filled_album("Posted meanwhile", photos[:2])
    album = stock.album("Killed again and again")
    owner.upload(album.id, [(path.name, path) for path in photos])
    delivery = stock.order(other, account)

    for _ in range(3):
        site.kill()
        site.start()

    stock.wait_until_ready(album, 12)
    stock.published(delivery)
    shown = practice.recent(practice.folder_of(site.settings))
    assert [len(post["photos"]) for post in shown] == [2]
