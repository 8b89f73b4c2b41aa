"""The practice network: posts are files of this site, shown under /practice/<id>.

    <instance>/practice/staged/<photo>.jpg     uploaded, not posted; removed after a day
    <instance>/practice/<id>/1.jpg …           the pictures of a post, in order
    <instance>/practice/<id>/post.json         the post; while it is missing there is no post

It behaves as an honest network does: nothing here makes a second publish of the same post
harmless, so that what protects against it is rehearsed for real.
"""

from __future__ import annotations

import json
import re
import secrets
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from gallery.errors import OutcomeUnknown, Refused, TryLater
from gallery.networks.contract import (
    Absent,
    CannotTell,
    Composed,
    Credential,
    Json,
    Limits,
    Network,
    Part,
    PictureLimit,
    PlannedPhoto,
    Profile,
    Receipt,
    Staged,
    TextLimit,
    TokenForm,
)
from gallery.settings import Settings

MEDIA_TTL = timedelta(hours=24)
ID = re.compile(r"[0-9a-f]{16}")
PICTURE = re.compile(r"[1-9][0-9]{0,2}\.jpg")


def folder_of(settings: Settings) -> Path:
    """Where the practice network keeps its posts."""
    return settings.instance_folder / "practice"


def read(folder: Path, post_id: str) -> Json | None:
    """One post: id, account, text, link, at, nth, of, photos (file, caption, alt_text, width, height)."""
    if not ID.fullmatch(post_id):
        return None
    try:
        return dict(json.loads((folder / post_id / "post.json").read_bytes()))
    except FileNotFoundError:
        return None


def recent(folder: Path, most: int = 50) -> list[Json]:
    """The newest posts, newest first."""
    posts = [
        post for path in folder.glob("*/post.json") if (post := read(folder, path.parent.name))
    ]
    return sorted(posts, key=lambda post: str(post["at"]), reverse=True)[:most]


def picture(folder: Path, post_id: str, name: str) -> Path | None:
    """The file of a post's picture, if there is one by this name."""
    if not (ID.fullmatch(post_id) and PICTURE.fullmatch(name)):
        return None
    path = folder / post_id / name
    return path if path.is_file() else None


class Practice:
    """One practice account. See contract.Connector."""

    def __init__(self, credential: Credential, settings: Settings) -> None:
        self._name = credential.get("name", "").strip()[:100] or "Practice"
        self._loses_answers = credential.get("lost_answers", "").strip().lower() == "yes"
        self._credential = dict(credential)
        self._settings = settings
        self._folder = folder_of(settings)
        self._staged = self._folder / "staged"

    def verify(self) -> Profile:
        return Profile(self._name.casefold(), self._name, url=f"{self._settings.public_url}/")

    def limits(self) -> Limits:
        settle_s = self._settings.settle_s
        return Limits(
            photos_per_post=10,
            text=TextLimit(5_000),
            caption=TextLimit(2_000),
            alt_text=TextLimit(1_000),
            picture=PictureLimit(),
            settle_s=3.0 if settle_s is None else settle_s,
            source="Our own, November 2026: near enough to a real Page to see albums split.",
            amend=frozenset({"text", "caption", "alt", "order", "drop"}),
            media_ttl_s=MEDIA_TTL.total_seconds(),
        )

    def renew(self) -> Credential:
        return self._credential

    def stage(self, photo: PlannedPhoto, file: Path, sofar: Staged | None) -> Staged:  # noqa: ARG002
        if sofar is not None:
            return sofar
        staged = secrets.token_hex(8)
        now = datetime.now(UTC)
        with _room():
            self._staged.mkdir(parents=True, exist_ok=True)
            self._forget_staged_before(now - MEDIA_TTL)
            _write(self._staged / f"{staged}.jpg", file.read_bytes())
        return Staged({"photo": staged}, expires_at=now + MEDIA_TTL)

    def compose(self, part: Part) -> Composed:  # noqa: ARG002
        return Staged({})

    def publish(self, part: Part) -> Receipt:
        first = self._by_key(part.key) is None
        post_id = secrets.token_hex(8)
        with _room():
            photos = self._take_pictures(part, self._folder / post_id)
            self._save({"id": post_id, "key": part.key, **_content(part), "photos": photos})
        if first and self._loses_answers:
            raise OutcomeUnknown(
                "The practice network was told to lose this answer, so nobody can tell yet "
                "whether it went through; it is looked for before anything is repeated."
            )
        return self._receipt(post_id, part)

    def find(self, part: Part) -> Receipt | Absent | CannotTell:
        post = self._by_key(part.key)
        return Absent() if post is None else self._receipt(str(post["id"]), part)

    def amend(self, part: Part) -> Receipt:
        receipt = part.receipt
        post = read(self._folder, (receipt and receipt.remote_id) or "")
        if receipt is None or post is None:
            raise Refused(
                "This practice post is not there any more, so it was not changed.", gone=True
            )
        there = {photo.get("id"): photo for photo in post["photos"]}
        if not all(photo.id in there for photo in part.post.photos):
            raise Refused("The practice network can't add photos to a post; nothing was changed.")
        photos = [{**there[photo.id], **_said(photo)} for photo in part.post.photos]
        with _room():
            self._save({**post, "text": part.post.text, "photos": photos})
            self._drop_pictures(str(post["id"]), photos)
        staged = [photo["staged"] for photo in photos]
        self._remove_staged(set(receipt.data.get("photos", ())) - set(staged))
        return replace(receipt, data={"photos": staged})

    def retract(self, receipt: Receipt) -> None:
        if receipt.remote_id and ID.fullmatch(receipt.remote_id):
            folder = self._folder / receipt.remote_id
            (folder / "post.json").unlink(missing_ok=True)
            shutil.rmtree(folder, ignore_errors=True)
        self._remove_staged(receipt.data.get("photos", ()))

    def discard(self, staged: Sequence[Staged], composed: Composed | None) -> None:  # noqa: ARG002
        self._remove_staged([one.data["photo"] for one in staged])

    def _by_key(self, key: str) -> Json | None:
        """The oldest post of this key in this account."""
        for post in reversed(recent(self._folder, most=100_000)):
            if post["key"] == key and post["account"] == self._name:
                return post
        return None

    def _receipt(self, post_id: str, part: Part) -> Receipt:
        url = f"{self._settings.public_url}/practice/{post_id}"
        return Receipt(post_id, url, {"photos": [one.data["photo"] for one in part.staged]})

    def _take_pictures(self, part: Part, folder: Path) -> list[Json]:
        folder.mkdir(parents=True)
        photos = []
        for nth, (photo, staged) in enumerate(zip(part.post.photos, part.staged, strict=True), 1):
            source = self._staged / f"{staged.data['photo']}.jpg"
            if not source.is_file():
                shutil.rmtree(folder)
                raise Refused(
                    "A photo that was waiting has expired; nothing was posted, and the photos are "
                    "uploaded again.",
                    photo=photo.id,
                    media_gone=True,
                )
            shutil.copyfile(source, folder / f"{nth}.jpg")
            photos.append(_shown(photo, f"{nth}.jpg", staged.data["photo"]))
        return photos

    def _save(self, post: Json) -> None:
        account = {"account": self._name}
        text = json.dumps({**post, **account}, ensure_ascii=False, indent=1)
        _write(self._folder / str(post["id"]) / "post.json", text.encode())

    def _drop_pictures(self, post_id: str, photos: Sequence[Json]) -> None:
        """Remove the pictures of a post that are not among its photos any more."""
        kept = {photo["file"] for photo in photos}
        for path in (self._folder / post_id).glob("*.jpg"):
            if path.name not in kept:
                path.unlink(missing_ok=True)

    def _remove_staged(self, photos: Iterable[str]) -> None:
        for photo in filter(ID.fullmatch, photos):
            (self._staged / f"{photo}.jpg").unlink(missing_ok=True)

    def _forget_staged_before(self, moment: datetime) -> None:
        for path in self._staged.iterdir():
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < moment.timestamp():
                    path.unlink()


def _content(part: Part) -> Json:
    post = part.post
    return {
        "text": post.text,
        "link": post.link,
        "nth": post.nth,
        "of": post.of,
        "at": datetime.now(UTC).isoformat(),
    }


def _shown(photo: PlannedPhoto, file: str, staged: str) -> Json:
    """A photo of a post. `id` and `staged` are for changing it; no page shows them."""
    size = {"width": photo.width, "height": photo.height}
    return {"id": photo.id, "file": file, "staged": staged, **_said(photo), **size}


def _said(photo: PlannedPhoto) -> Json:
    return {"caption": photo.caption, "alt_text": photo.alt_text}


def _write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    part = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    part.write_bytes(data)
    part.replace(path)


@contextmanager
def _room() -> Iterator[None]:
    """Writing files fails before the post is there, so nothing was published."""
    try:
        yield
    except OSError as error:
        raise TryLater(
            "The practice network could not write its files, so nothing was posted; make room on "
            "the disk, and it is tried again."
        ) from error


PRACTICE = Network(
    name="practice",
    label="Practice",
    build=Practice,
    token_form=TokenForm(
        fields={
            "name": "Name of the practice account",
            "lost_answers": "Lose the first answer to each post (yes or no)",
        },
        help="Its posts are pages of this site, so the whole way can be tried without an account.",
    ),
)
