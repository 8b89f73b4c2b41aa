"""What the pretended Facebook knows: people, Pages, tokens, photos, posts, and what time it is."""

from __future__ import annotations

import hashlib
import itertools
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tests.fakes.facebook.pictures import Picture

SCOPES = ("pages_show_list", "pages_manage_posts", "pages_read_engagement", "business_management")
APP_ID = "700123456789"
APP_SECRET = "fake-app-secret-7d1f0c9a"
PAGE_ID = "546349135390552"
PAGE_TOKEN = "EAAfakePageTokenq7Zk2vB9"
USER_TOKEN = "EAAfakeUserTokenh4Lw8sD1"
UNPUBLISHED_TTL_S = 24 * 3600


@dataclass
class Page:
    """A Page and what our person may do there."""

    id: str
    name: str
    username: str
    tasks: tuple[str, ...] = ("CREATE_CONTENT", "MODERATE", "ANALYZE")
    business: str = ""  # owned by this portfolio, and then not in /me/accounts


@dataclass
class Token:
    """An access token of a person or a Page."""

    value: str
    kind: str  # user, page
    owner: str
    scopes: set[str]
    ends_at: float | None = None
    dead: int | None = None  # subcode of 190


@dataclass
class Photo:
    """An uploaded picture; in a post once it was attached."""

    id: str
    page: str
    data: bytes = field(repr=False)
    picture: Picture
    caption: str
    alt_text: str
    made_at: float
    post: str | None = None

    @property
    def sha256(self) -> str:
        """Of the bytes as they came."""
        return hashlib.sha256(self.data).hexdigest()


@dataclass
class Post:
    """A post on a Page's timeline."""

    id: str
    page: str
    message: str
    photos: list[str]
    made_at: float
    published: bool = True
    hidden: bool = False
    changes: int = 0


@dataclass
class Code:
    """What the dialog gave, to be traded for a token once."""

    redirect_uri: str
    scopes: set[str]
    used: bool = False


class World:
    """All state, behind one lock."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.offset_s = 0.0
        self.most_attached = 10
        self.require_proof = False
        self.used = 2  # percent of the Page's limits, as the headers of answers say
        self.app_used = 2  # and of the app's
        self.regain_minutes = 0
        self.lag_s = 0.0  # a new post is missing from published_posts for so long
        self.story_lag_s = 0.0  # and from its photos' page_story_id
        self.redirect_uris: list[str] = []  # registered; empty: any
        self.user = ("10001", "Siti Aminah")
        self.businesses = {"900100": "Brunei SME Holding"}
        self.pages = {
            page.id: page
            for page in (
                Page(PAGE_ID, "Brunei SME Network", "bruneisme"),
                Page("546349135390999", "Only to look at", "onlylook", tasks=("ANALYZE",)),
                Page("546349135390777", "Portfolio Page", "portfolio", business="900100"),
            )
        }
        self.tokens = {
            token.value: token
            for token in (
                Token(PAGE_TOKEN, "page", PAGE_ID, set(SCOPES)),
                Token(USER_TOKEN, "user", self.user[0], set(SCOPES)),
            )
        }
        self.photos: dict[str, Photo] = {}
        self.posts: dict[str, Post] = {}
        self.ever_posted: list[str] = []
        self.uploads = 0
        self.codes: dict[str, Code] = {}
        self._numbers = itertools.count(1002088839996)

    def now(self) -> float:
        """Seconds since 1970 on Facebook's clock."""
        return time.time() + self.offset_s

    def number(self) -> str:
        """A new id."""
        return str(next(self._numbers))

    def when(self, moment: float) -> str:
        """A time as the Graph API writes it."""
        return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")

    def photo(self, photo_id: str) -> Photo | None:
        """A photo that is still there: unpublished ones die after a day."""
        photo = self.photos.get(photo_id)
        if photo and photo.post is None and self.now() - photo.made_at > UNPUBLISHED_TTL_S:
            del self.photos[photo_id]
            return None
        return photo

    def page_token(self, page: Page, scopes: set[str]) -> str:
        """The Page's token for this person; the same for the same Page and scopes."""
        given = ",".join(sorted(scopes))
        digest = hashlib.sha256(f"{page.id} {given}".encode()).hexdigest()[:24]
        value = f"EAAfakePage{digest}"
        self.tokens.setdefault(value, Token(value, "page", page.id, set(scopes)))
        return value

    def permalink(self, post: Post) -> str:
        """Where people see a post."""
        return f"https://www.facebook.com/{post.page}/posts/{post.id.split('_')[1]}"

    def add_post(
        self, page: str, message: str, photos: list[str], *, published: bool = True
    ) -> Post:
        """A new post that takes these photos with it."""
        post = Post(f"{page}_{self.number()}", page, message, photos, self.now(), published)
        self.posts[post.id] = post
        self.ever_posted.append(post.id)
        for photo in photos:
            self.photos[photo].post = post.id
        return post
