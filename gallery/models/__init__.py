"""Tables: people, albums, publishing. Columns and constraints; no method talks to anybody."""

from gallery.models.albums import (
    Album,
    AlbumLink,
    Downloads,
    DrawCaptions,
    OldSlug,
    Photo,
    PhotoState,
    Visibility,
)
from gallery.models.base import Model, new_id
from gallery.models.database import Database
from gallery.models.people import Audit, Person, Role, SignIn, Site
from gallery.models.publishing import (
    Account,
    AccountState,
    Aim,
    Delivery,
    Draft,
    Fact,
    Outcome,
    Post,
    PostState,
    Source,
    State,
    Step,
    StepState,
    Verb,
)
from gallery.models.removals import Removal, RemovalState, Tombstone

__all__ = [
    "Account", "AccountState", "Aim", "Album", "AlbumLink", "Audit", "Database", "Delivery",
    "Downloads", "Draft", "DrawCaptions", "Fact", "Model", "OldSlug", "Outcome", "Person", "Photo",
    "PhotoState", "Post", "PostState", "Removal", "RemovalState", "Role", "SignIn", "Site", "Source",
    "State", "Step", "StepState", "Tombstone", "Verb", "Visibility", "new_id",
]  # fmt: skip
