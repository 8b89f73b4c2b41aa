"""Taking photos out of deliveries, wherever these stand."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from gallery.errors import DeliveryError, InvalidInput
from gallery.models import Account, AccountState, Aim, Album, Delivery, Draft, PostState, State
from gallery.networks.contract import Limits
from gallery.publishing import compare, ledger, recheck, steps, strays
from gallery.publishing.accounts import LimitsOf
from gallery.publishing.orders import OVER
from gallery.publishing.plan import Plan
from gallery.publishing.situation import Situation
from gallery.settings import Settings


@dataclass(frozen=True)
class TakingOut:
    """Takes photos out of deliveries, one after the other."""

    session: Session
    settings: Settings
    limits_of: LimitsOf
    photos: Collection[str]
    now: datetime
    by: str | None

    def take(self, delivery_id: str, *, revised: bool, live_too: bool = True) -> list[Delivery]:
        """Take them out of one; it, and what replaces it, unless nothing is left to do.

        Without `live_too` what may be out is left as it is.
        """
        delivery = ledger.locked(self.session, delivery_id)
        if delivery.state in OVER:
            return []
        if delivery.aim is Aim.RETRACT:
            return [delivery]
        s = Situation.load(self.session, delivery_id)
        held = compare.holds(s.plan, self.photos)
        if all(s.posts[nth - 1].state is PostState.GONE for nth in held):
            return []
        limits = self._limits(s.account)
        absent = any(s.absences(post) for post in s.posts if post.state is PostState.PENDING)
        before_it_goes = not absent and not ledger.may_be_live(self.session, delivery_id)
        if not before_it_goes and not live_too:
            return []
        if limits is None:
            return [ledger.retract(self.session, delivery_id, now=self.now)]
        if before_it_goes:
            return [self._before_it_goes(s, limits, revised=revised)]
        return self._once_out(s, limits, certain=not absent and not s.unknown())

    def _limits(self, account: Account) -> Limits | None:
        try:
            return self.limits_of(account)
        except (InvalidInput, DeliveryError):
            return None

    def _before_it_goes(self, s: Situation, limits: Limits, *, revised: bool) -> Delivery:
        """Plan it anew. What a person has to approve because of other changes, they still do."""
        delivery, made = s.delivery, None
        if revised:
            made = compare.without(s.plan, self.photos)
        try:
            fresh = made or recheck.afresh(self.session, self.settings, delivery, limits, self.now)
        except InvalidInput:
            return ledger.cancel(self.session, delivery.id, now=self.now)
        if revised and made is None and delivery.state is not State.PROPOSED:
            recheck.propose(delivery, "The album changed since this was ordered.")
        steps.plan_anew(self.session, s, fresh, limits)
        if not revised:
            draft = self.session.get_one(Draft, delivery.draft_id)
            delivery.album_revision = self.session.get_one(Album, draft.album_id).revision
        return delivery

    def _once_out(self, s: Situation, limits: Limits, *, certain: bool) -> list[Delivery]:
        """In place, if that goes. What may still appear is not planned anew: it is taken back."""
        made = compare.without(s.plan, self.photos)
        live = {post.nth for post in s.live()}
        certain = certain and not strays.standing(s)
        if made and certain and compare.in_place(s.plan, made, limits, live):
            return [self._in_place(s, made, limits)]
        return self._replaced(s.delivery, limits)

    def _in_place(self, s: Situation, made: Plan, limits: Limits) -> Delivery:
        if steps.replan(self.session, s, made, limits):
            s.delivery.aim = Aim.AMEND
        ledger.wake(s.delivery, self.now)
        return s.delivery

    def _replaced(self, delivery: Delivery, limits: Limits) -> list[Delivery]:
        account = self.session.get_one(Account, delivery.account_id)
        try:
            made = recheck.afresh(
                self.session, self.settings, delivery, limits, self.now, anew=True
            )
        except InvalidInput:
            return [ledger.retract(self.session, delivery.id, now=self.now)]
        if account.state in (AccountState.LEAVING, AccountState.REMOVED):
            return [ledger.retract(self.session, delivery.id, now=self.now)]
        new = ledger.replace(self.session, delivery.id, made, limits, now=self.now, by=self.by)
        return [delivery, new]
