"""The networks that we can post to, by name."""

from __future__ import annotations

from gallery.networks.contract import Network
from gallery.networks.facebook import FACEBOOK
from gallery.networks.practice import PRACTICE

NETWORKS: dict[str, Network] = {network.name: network for network in (FACEBOOK, PRACTICE)}
