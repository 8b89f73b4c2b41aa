"""A Facebook Page. Albums go out as one post: photos are staged unpublished, then attached in order.

There is no idempotency key. The ids of the staged photos identify the attempt: they are stored
before the post is made, and a post that holds one of them is ours.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from gallery.errors import DeliveryError, Disconnected, OutcomeUnknown, Refused
from gallery.networks import facebook_sign_in as sign_in
from gallery.networks.contract import (
    Absent,
    CannotTell,
    Composed,
    Credential,
    Json,
    Limits,
    Network,
    OAuth,
    Pace,
    Part,
    PictureLimit,
    PlannedPhoto,
    Profile,
    Receipt,
    Staged,
    TextLimit,
    TokenForm,
)
from gallery.networks.facebook_errors import Gone
from gallery.networks.facebook_graph import Graph, part_of_path
from gallery.networks.facebook_reads import Reader, attached_to, receipt_of
from gallery.networks.http import PUBLISH_S, Upload, bytes_s
from gallery.settings import Settings

MOST_BYTES = 4_000_000
MEDIA_TTL = timedelta(hours=24)
SOURCE = (
    "Meta, Graph API v26.0: page/photos and page/feed (read November 2026). Photos a post: "
    "undocumented, 10 by common use. Text: 63,206 as open-source clients use. Alt text: "
    "undocumented for Pages, 1,000 as for Instagram and Threads. Picture: 4 MB of older pages."
)


class Facebook:
    """One Page, spoken to with the Page's own token. See contract.Connector."""

    def __init__(self, credential: Credential, settings: Settings) -> None:
        self._credential = dict(credential)
        self._settings = settings
        self._page_id = credential.get("page_id", "").strip()
        self._page = part_of_path(self._page_id)
        self._graph = Graph(settings, credential.get("secret", ""))
        self._reader = Reader(self._graph, self._page)

    def verify(self) -> Profile:
        if not (self._page_id.isascii() and self._page_id.isdigit()):
            raise Refused(
                "A Page ID is a long number; nothing was connected. You find it on the Page under "
                "About, Page transparency."
            )
        expires_at = None
        if sign_in.ready(self._settings):
            expires_at = sign_in.inspect_token(self._settings, self._graph.token)
        me = self._graph.read("me", fields="id,name,link")
        if me.get("id") != self._page_id:
            raise Refused(
                f"This token belongs to “{me.get('name')}” and not to the Page {self._page_id}; "
                "nothing was connected. Paste that Page's own access token, not a person's."
            )
        link = me.get("link") or f"https://www.facebook.com/{self._page_id}"
        return Profile(self._page_id, str(me.get("name")), "", url=str(link), expires_at=expires_at)

    def limits(self) -> Limits:
        settle_s = self._settings.settle_s
        return Limits(
            photos_per_post=self._settings.facebook_photos_per_post,
            text=TextLimit(63_206),
            caption=TextLimit(63_206),
            alt_text=TextLimit(1_000),
            picture=PictureLimit(edge=2048, most_bytes=MOST_BYTES, formats=("jpeg",)),
            settle_s=90.0 if settle_s is None else settle_s,
            source=SOURCE,
            amend=frozenset({"text"}),
            media_ttl_s=MEDIA_TTL.total_seconds(),
            composes=False,
        )

    def renew(self) -> Credential:
        """A Page token from a long-lived sign-in has no end, so there is nothing to renew."""
        return self._credential

    def pace(self) -> Pace | None:
        pace, self._graph.pace = self._graph.pace, None
        return pace

    def stage(self, photo: PlannedPhoto, file: Path, sofar: Staged | None) -> Staged:
        if sofar is not None:
            return sofar
        data = file.read_bytes()
        if len(data) > MOST_BYTES:
            raise Refused("This photo is over Facebook's 4 MB; nothing was sent.", photo=photo.id)
        expires_at = datetime.now(UTC) + MEDIA_TTL
        texts = {"caption": photo.caption, "alt_text_custom": photo.alt_text}
        answer = self._graph.change(
            "POST",
            f"{self._page}/photos",
            {"published": "false", **{name: text for name, text in texts.items() if text}},
            "stage",
            within_s=bytes_s(len(data)),
            upload=Upload("source", "photo.jpg", "image/jpeg", data),
            photo=photo.id,
        )
        return Staged({"photo": _id_of(answer)}, expires_at=expires_at)

    def compose(self, part: Part) -> Composed:  # noqa: ARG002
        """Nothing is made before the post itself."""
        return Staged({})

    def publish(self, part: Part) -> Receipt:
        photos = _photos(part)
        form = {**_feed(part), "fields": "id,permalink_url"}
        try:
            answer = self._graph.change(
                "POST", f"{self._page}/feed", form, "publish", within_s=PUBLISH_S
            )
        except Disconnected:
            raise
        except Refused as refusal:
            return self._despite(refusal, photos)
        return receipt_of({**answer, "id": _id_of(answer)}, photos)

    def find(self, part: Part) -> Receipt | Absent | CannotTell:
        photos = _photos(part)
        story = self._reader.story(photos)
        post = self._reader.post(story) if story else {}
        if attached_to(post) & set(photos):
            return receipt_of(post, photos)
        listed = self._reader.look_through(part, photos)
        return receipt_of(post, photos) if post and not isinstance(listed, Receipt) else listed

    def amend(self, part: Part) -> Receipt:
        if part.receipt is None or part.receipt.remote_id is None:
            raise Refused("This post's id is not known, so its text was not changed.")
        post = part_of_path(part.receipt.remote_id)
        try:
            self._graph.change("POST", post, {"message": part.post.text}, "amend")
        except Gone as gone:
            raise Refused(
                "This post is no longer on the Page, so its text was not changed; post it again "
                "if it should be there.",
                gone=True,
            ) from gone
        return part.receipt

    def retract(self, receipt: Receipt) -> None:
        posts = [receipt.remote_id] if receipt.remote_id else []
        for thing in (*posts, *receipt.data.get("photos", ())):
            with suppress(Gone):
                self._remove(thing)

    def discard(self, staged: Sequence[Staged], composed: Composed | None) -> None:  # noqa: ARG002
        for one in staged:
            with suppress(DeliveryError):
                self._remove(one.data["photo"])

    def _remove(self, thing: str) -> None:
        self._graph.change("DELETE", part_of_path(thing), {}, "retract")

    def _despite(self, refusal: Refused, photos: Sequence[str]) -> Receipt:
        """A no, unless a photo shows that it went out all the same; tells whether photos died."""
        for photo in photos:
            try:
                story = self._reader.story([photo], forgive=False)
            except Gone:
                raise Refused(str(refusal), media_gone=True) from refusal
            except DeliveryError:
                raise refusal from None
            if story:
                return receipt_of(self._reader.post(story), photos)
        raise refusal


def _photos(part: Part) -> list[str]:
    return [str(staged.data["photo"]) for staged in part.staged]


def _feed(part: Part) -> dict[str, str]:
    """The parameters of the post. The array decides the order of the photos."""
    attached = [{"media_fbid": photo} for photo in _photos(part)]
    given = {"message": part.post.text, "attached_media": json.dumps(attached) if attached else ""}
    return {name: value for name, value in given.items() if value}


def _id_of(answer: Json) -> str:
    """The new thing's id. Raises OutcomeUnknown: something was made, and nobody knows what."""
    made = answer.get("id")
    if not isinstance(made, str) or not made:
        raise OutcomeUnknown(
            "Facebook said yes without an id; the post is looked for before anything is repeated."
        )
    return made


FACEBOOK = Network(
    name="facebook",
    label="Facebook Page",
    build=Facebook,
    token_form=TokenForm(
        fields={"page_id": "Page ID", "secret": "Page access token"},
        help=(
            "Posts go to a Page, never to a personal profile or a group: Facebook lets no program "
            "post there. The token needs pages_manage_posts and pages_read_engagement."
        ),
    ),
    oauth=OAuth(ready=sign_in.ready, start=sign_in.start, finish=sign_in.finish),
)
