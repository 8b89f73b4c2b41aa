"""Accounts: connecting them, naming them, their sealed credentials."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from gallery.errors import InvalidInput, NotFound
from gallery.models import Account, AccountState, Delivery, State, new_id
from gallery.networks import NETWORKS
from gallery.networks.contract import EXPIRES, Connector, Credential, Limits, Network, Profile
from gallery.publishing.vault import Vault
from gallery.settings import Settings

_OUT = (State.PUBLISHED, State.PARTIAL)
LimitsOf = Callable[[Account], Limits]


@dataclass(frozen=True)
class AccountView:
    """An account as pages and commands show it. `name` is what commands call it."""

    id: str
    name: str  # "facebook:Brunei SME Network"
    network: str
    label: str  # "Facebook Page"
    title: str  # "Brunei SME Network"
    handle: str
    url: str
    state: AccountState
    why: str
    expires_at: datetime | None
    used_at: datetime | None


def networks() -> list[Network]:
    """All networks, in the order in which they are offered."""
    return list(NETWORKS.values())


def network_of(name: str) -> Network:
    """The network with this name. Raises InvalidInput naming those that there are."""
    try:
        return NETWORKS[name]
    except KeyError as error:
        known = ", ".join(sorted(NETWORKS))
        raise InvalidInput(f"There is no network “{name}”; known are {known}.") from error


def check(settings: Settings, network: str, credential: Credential) -> Profile:
    """Ask the network who this credential is. Raises Refused or another DeliveryError."""
    return network_of(network).build(credential, settings).verify()


def connect(
    session: Session,
    vault: Vault,
    network: str,
    credential: Credential,
    profile: Profile,
    *,
    now: datetime,
) -> Account:
    """Keep an account that `check` has verified; the same identity again is a reconnect.

    Deliveries that waited for it are woken.
    """
    account = session.scalar(
        select(Account).where(Account.network == network, Account.remote_id == profile.remote_id)
    )
    if account is None:
        account = Account(id=new_id(), network=network, remote_id=profile.remote_id, version=0)
        session.add(account)
    account.name, account.handle, account.url = profile.name, profile.handle, profile.url
    account.credential = vault.seal(account.id, dict(credential))
    account.version += 1
    account.state, account.why = AccountState.OK, ""
    account.failures, account.breaker_until = 0, None
    account.expires_at = profile.expires_at or expires_at(credential)
    account.renewing_by = account.renewing_until = account.warned_days = None
    account.connected_at = now
    session.flush()
    waits = Delivery.wake_at.is_not(None)  # for a post to be withdrawn, or for a second look
    session.execute(
        update(Delivery)
        .where(Delivery.account_id == account.id)
        .where(or_(Delivery.state == State.GOING, and_(Delivery.state.in_(_OUT), waits)))
        .values(wake_at=now)
    )
    return account


def expires_at(credential: Credential) -> datetime | None:
    """When a credential says that it dies."""
    said = credential.get(EXPIRES)
    return datetime.fromisoformat(said) if said else None


def connector(vault: Vault, settings: Settings, account: Account) -> Connector:
    """The connector of an account, with its credential opened."""
    credential = vault.open(account.id, account.credential)
    return network_of(account.network).build(credential, settings)


def limits_of(vault: Vault, settings: Settings) -> LimitsOf:
    """What tells the limits of an account. It raises InvalidInput where they can't be known."""
    return lambda account: connector(vault, settings, account).limits()


def by_id(session: Session, account_id: str) -> Account:
    """An account. Raises NotFound."""
    account = session.get(Account, account_id)
    if account is None or account.state is AccountState.REMOVED:
        raise NotFound("There is no such account.")
    return account


def named(session: Session, name: str) -> Account:
    """The account with this name, or the only one of this network. Raises InvalidInput."""
    rows = _rows(session)
    found = [a for a in rows if name in (name_of(a), a.id)] or [
        a for a in rows if a.network == name
    ]
    if len(found) == 1:
        return found[0]
    if found:
        several = ", ".join(name_of(account) for account in found)
        raise InvalidInput(f"“{name}” is more than one account; name one of {several}.")
    raise InvalidInput(f"There is no account “{name}”; `flask accounts` lists them.")


def listed(session: Session) -> list[AccountView]:
    """All accounts, by network and name."""
    return [view_of(account) for account in _rows(session)]


def view_of(account: Account) -> AccountView:
    """An account as it is shown."""
    network = NETWORKS.get(account.network)
    return AccountView(
        id=account.id,
        name=name_of(account),
        network=account.network,
        label=network.label if network else account.network,
        title=account.name,
        handle=account.handle,
        url=account.url,
        state=account.state,
        why=account.why,
        expires_at=account.expires_at,
        used_at=account.used_at,
    )


def name_of(account: Account) -> str:
    """What commands call it."""
    return f"{account.network}:{account.name}"


def _rows(session: Session) -> Sequence[Account]:
    return session.scalars(
        select(Account)
        .where(Account.state != AccountState.REMOVED)
        .order_by(Account.network, Account.name, Account.connected_at)
    ).all()


def secret_fields(network: str) -> Mapping[str, str]:
    """What to ask for when connecting by pasting, name to label."""
    form = network_of(network).token_form
    return form.fields if form else {}
