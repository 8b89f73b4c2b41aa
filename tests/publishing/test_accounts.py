"""Connecting accounts, naming them, sealing their secrets."""

from __future__ import annotations

import base64
import os
from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import text

from gallery.errors import Disconnected, InvalidInput, NotFound
from gallery.models import Account, AccountState, Database, Delivery
from gallery.networks.contract import Profile
from gallery.publishing import accounts, facts, leaving
from gallery.publishing.rules import Rules
from gallery.publishing.vault import Vault
from gallery.services import Services
from gallery.settings import Secret, Settings
from tests.publishing.world import World

PROFILE = Profile("42", "Club", "@club", "https://example.org/club")


def _connect(services: Services, now: datetime, profile: Profile = PROFILE) -> Account:
    with services.db.write() as session:
        credential = {"secret": "canary-7f3a"}
        return accounts.connect(session, services.vault, "facebook", credential, profile, now=now)


def test_a_secret_is_nowhere_in_the_database(services: Services, now: datetime) -> None:
    account = _connect(services, now)

    with services.db.read() as session:
        dump = repr(session.execute(text("SELECT * FROM account")).all())

    assert "canary-7f3a" not in dump
    assert services.vault.open(account.id, account.credential) == {"secret": "canary-7f3a"}
    assert "canary-7f3a" not in repr(account.credential)


def test_the_same_identity_again_is_a_reconnect(services: Services, now: datetime) -> None:
    first = _connect(services, now)
    with services.db.write() as session:
        leaving.disconnect(session, services.vault, first.id, now=now)
    with services.db.read() as session:
        away = accounts.listed(session)

    again = _connect(services, now, replace(PROFILE, name="The Club"))

    assert away[0].state is AccountState.DISCONNECTED
    assert again.id == first.id
    assert (again.version, again.state, again.name) == (3, AccountState.OK, "The Club")


def test_a_reconnect_wakes_what_waited(world: World, now: datetime) -> None:
    delivery = world.order()
    with world.db.write() as session:
        session.get_one(Delivery, delivery).wake_at = None
        row = session.merge(world.account)
        profile = Profile(row.remote_id, "Club")
        accounts.connect(session, world.services.vault, "pretend", {}, profile, now=now)

    assert world.row(delivery).wake_at == now


def test_an_account_is_named_in_full_or_by_its_network_alone(
    services: Services, now: datetime
) -> None:
    account = _connect(services, now)
    with services.db.read() as session:
        assert accounts.named(session, "facebook").id == account.id
        assert accounts.named(session, "facebook:Club").id == account.id
        assert accounts.named(session, account.id).id == account.id
        with pytest.raises(InvalidInput, match="no account “mastodon”"):
            accounts.named(session, "mastodon")
    _connect(services, now, Profile("43", "Other club"))
    with services.db.read() as session, pytest.raises(InvalidInput, match="more than one account"):
        accounts.named(session, "facebook")


def test_a_removed_account_is_not_to_be_found(services: Services, now: datetime) -> None:
    account = _connect(services, now)
    with services.db.write() as session:
        session.merge(account).state = AccountState.REMOVED

    with services.db.read() as session:
        assert accounts.listed(session) == []
        with pytest.raises(NotFound):
            accounts.by_id(session, account.id)


def test_an_unknown_network_is_refused_by_name() -> None:
    with pytest.raises(InvalidInput, match=r"known are facebook, practice"):
        accounts.network_of("myspace")
    assert accounts.secret_fields("practice").keys().isdisjoint({"secret"})


def test_keys_can_be_changed_without_losing_an_account(settings: Settings) -> None:
    old, new = (base64.urlsafe_b64encode(os.urandom(32)).decode() for _ in range(2))
    sealed = Vault(replace(settings, token_keys=Secret(old))).seal("a", {"secret": "s"})

    both = Vault(replace(settings, token_keys=Secret(f"{new}, {old}")))

    assert both.open("a", sealed) == {"secret": "s"}
    with pytest.raises(InvalidInput, match="another key"):
        Vault(replace(settings, token_keys=Secret(new))).open("a", sealed)


def test_a_sealed_secret_fits_only_its_own_account(settings: Settings) -> None:
    vault = Vault(settings)

    with pytest.raises(InvalidInput, match="belongs to another account"):
        vault.open("b", vault.seal("a", {"secret": "s"}))


def test_a_malformed_key_stops_with_one_sentence(settings: Settings) -> None:
    with pytest.raises(InvalidInput, match="GALLERY_TOKEN_KEYS"):
        Vault(replace(settings, token_keys=Secret("short")))


def test_an_empty_list_of_accounts(db: Database) -> None:
    with db.read() as session:
        assert accounts.listed(session) == []


def test_an_answer_got_with_an_older_credential_disconnects_nothing(
    services: Services, now: datetime
) -> None:
    account = _connect(services, now)
    dead = Disconnected("The password was changed.")

    for version, state in ((0, AccountState.OK), (1, AccountState.DISCONNECTED)):
        with services.db.write() as session:
            facts.mark_account(session, account.id, version, dead, Rules(), now)
        with services.db.read() as session:
            assert session.get_one(Account, account.id).state is state
