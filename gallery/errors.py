"""Failures, named by what to do next."""

from __future__ import annotations

from collections.abc import Mapping


class GalleryError(Exception):
    """Anything of ours that a caller may expect. Its text is one sentence for a person."""


class InvalidInput(GalleryError):
    """What a person typed or sent can't be used; nothing was changed."""


class FieldErrors(InvalidInput):
    """Some fields can't be used as they are: `errors` gives each field's name its sentence."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(next(iter(errors.values())))
        self.errors = dict(errors)


class NotFound(GalleryError):
    """There is no such thing, or this person may not know that there is."""


class Conflict(GalleryError):
    """The thing was changed by somebody else meanwhile; nothing was changed."""


class Unreadable(GalleryError):
    """The file is not the picture that it claims to be."""


class RendererBusy(GalleryError):
    """The render process died or took too long; the photo itself may be fine: run it again, alone."""


class NoRoom(GalleryError):
    """The disk is (nearly) full; what was there before is safe."""


class DeliveryError(GalleryError):
    """A call to a network did not give what it should; the children say what follows."""


class Refused(DeliveryError):
    """A clean and permanent no: surely nothing was published, and asking again would not help.

    `photo` is the id of the photo that was refused, if it was one. `media_gone`: what had been
    staged is not to be had any more; staged anew, the same post may succeed. `gone`: the post that
    was to be changed is not there any more.
    """

    def __init__(
        self,
        reason: str,
        *,
        photo: str | None = None,
        media_gone: bool = False,
        gone: bool = False,
    ) -> None:
        super().__init__(reason)
        self.photo = photo
        self.media_gone = media_gone
        self.gone = gone


class Disconnected(Refused):
    """The account must be connected again by a person."""


class TryLater(DeliveryError):
    """Surely nothing was published; the same call may succeed after `wait_s` seconds.

    `wait_s` None leaves the wait to the caller. `transport`: no connection was had at all.
    `block`: the network holds this account back for long (a policy block).
    """

    def __init__(
        self,
        reason: str,
        wait_s: float | None = None,
        *,
        transport: bool = False,
        block: bool = False,
    ) -> None:
        super().__init__(reason)
        self.wait_s = wait_s
        self.transport = transport
        self.block = block


class OutcomeUnknown(DeliveryError):
    """Nobody can tell whether it happened: time-out, reset, 5xx, an answer that can't be read.

    `wait_s`: with its unclear answer the network asked to be left alone for so long.
    """

    def __init__(self, reason: str, wait_s: float | None = None) -> None:
        super().__init__(reason)
        self.wait_s = wait_s
