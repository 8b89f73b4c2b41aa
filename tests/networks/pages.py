"""Connectors for a Page, led to the fake or to a server that says just this."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from gallery.networks import NETWORKS
from gallery.networks.contract import Connector, Part
from tests.contract.rigs import FacebookRig
from tests.fakes.facebook import FacebookFake
from tests.networks.conftest import Serve
from tests.networks.lines import tells

PAGE = FacebookFake.page_id
V = "/v26.0"


def with_app(page: FacebookRig, **more: Any) -> Connector:
    """The connector on a site with a Meta app of its own."""
    settings = page.fake.settings(page.settings, app=True, **more)
    return NETWORKS["facebook"].build(page.credential, settings)


def other_credential(page: FacebookRig, **more: str) -> Connector:
    """The connector with something else pasted."""
    return NETWORKS["facebook"].build({**page.credential, **more}, page.settings)


def ids(part: Part) -> list[str]:
    """The staged photos."""
    return [staged.data["photo"] for staged in part.staged]


def told(page: FacebookRig, serve: Serve, table: dict[str, Any]) -> Connector:
    """The connector, speaking to a server that says just this."""
    settings = replace(page.settings, facebook_graph_url=serve(tells(table)).url)
    return NETWORKS["facebook"].build(page.credential, settings)
