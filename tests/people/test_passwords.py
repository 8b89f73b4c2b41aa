"""What a password may be, and what is kept of it."""

from __future__ import annotations

import threading
from typing import Literal

import pytest
from argon2 import PasswordHasher, extract_parameters

from gallery.errors import FieldErrors
from gallery.people.passwords import Passwords, check
from tests.people.conftest import PASSWORD


def test_the_right_password_matches_and_another_does_not(passwords: Passwords) -> None:
    hashed = passwords.hash(PASSWORD)

    assert PASSWORD not in hashed
    assert passwords.matches(hashed, PASSWORD)
    assert not passwords.matches(hashed, PASSWORD + "!")


def test_the_same_password_is_never_stored_the_same_way(passwords: Passwords) -> None:
    assert passwords.hash(PASSWORD) != passwords.hash(PASSWORD)


def test_what_is_stored_costs_what_the_security_page_says() -> None:
    parameters = extract_parameters(Passwords().hash(PASSWORD))

    assert (parameters.type.name, parameters.time_cost) == ("ID", 2)
    assert (parameters.memory_cost, parameters.parallelism) == (19_456, 1)


def test_nobody_has_no_password_but_costs_the_same() -> None:
    ours = Passwords()

    assert not ours.matches(None, "")
    assert extract_parameters(ours._nobody) == extract_parameters(ours.hash(PASSWORD))


def test_a_hash_that_is_none_matches_nothing(passwords: Passwords) -> None:
    assert not passwords.matches("not a hash", PASSWORD)


def test_a_password_with_older_costs_is_hashed_anew(passwords: Passwords) -> None:
    old = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1).hash(PASSWORD)
    renewed = passwords.renewed(old, PASSWORD)

    assert renewed is not None
    assert passwords.matches(renewed, PASSWORD)
    assert passwords.renewed(renewed, PASSWORD) is None


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("eleven char", "Choose a password of at least 12 characters."),
        ("x" * 129, "Choose a password of at most 128 characters."),
        ("1Q2W3E4R5T6Y", "This password is on every attacker's list; choose another."),
    ],
)
def test_a_password_that_is_easily_guessed_is_refused(password: str, sentence: str) -> None:
    with pytest.raises(FieldErrors) as refused:
        check(password)

    assert refused.value.errors == {"password": sentence}


@pytest.mark.parametrize("password", ["twelve chars", "x" * 128, "语言不限语言不限语言不限"])
def test_any_other_of_12_to_128_characters_will_do(password: str) -> None:
    check(password)


def test_only_two_are_hashed_at_once(passwords: Passwords) -> None:
    hasher = _Slow(time_cost=1, memory_cost=8, parallelism=1)
    ours = Passwords(passes=1, memory_kib=8)
    ours._hasher = hasher
    threads = [threading.Thread(target=ours.matches, args=(None, PASSWORD)) for _ in range(6)]
    for thread in threads:
        thread.start()
    hasher.both_in.wait(timeout=10)
    hasher.go_on.set()
    for thread in threads:
        thread.join()

    assert hasher.most == 2


class _Slow(PasswordHasher):
    """Holds each verification until two are inside, and counts how many ever are."""

    inside = most = 0
    both_in, go_on, count = threading.Event(), threading.Event(), threading.Lock()

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:
        with self.count:
            self.inside += 1
            self.most = max(self.most, self.inside)
            if self.inside == 2:
                self.both_in.set()
        self.go_on.wait(timeout=10)
        with self.count:
            self.inside -= 1
        return True
