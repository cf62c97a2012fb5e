"""What a token lends, and how often it may be used, over several processes."""

from datetime import UTC, datetime, timedelta

import pytest

from huiyin.foundation.accounts import operations as accounts
from huiyin.foundation.accounts.models import User
from huiyin.foundation.accounts.queries import Access, access_of
from huiyin.foundation.tokens import limits, operations, queries
from huiyin.foundation.tokens.models import Token

AT = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
LIMIT = 20


@pytest.fixture
def owner(db: None) -> User:
    user = accounts.create_user("hotline", name="热线", password="huiyin-2026", company_id=1)
    accounts.grant_role(user, accounts.define_role("a", title="甲", rights=["x", "y"]), estate_id=1, at=AT)
    accounts.grant_role(user, accounts.define_role("b", title="乙", rights=["x"]), estate_id=2, at=AT)
    return User.objects.get(pk=user.pk)


def make(owner: User, *, rights: list[str], estates: list[int]) -> tuple[Token, str]:
    limits.forget()
    span = timedelta(days=1)
    return operations.make_token(
        "t", owner=owner, rights=rights, estates=estates, expires_at=AT + span, actor=owner, at=AT
    )


def test_what_is_lent_is_what_both_name(owner: User) -> None:
    token, _ = make(owner, rights=["x"], estates=[1])
    assert queries.lent(access_of(owner), token) == Access({1: frozenset({"x"})})


def test_a_right_lost_since_is_lent_no_more(owner: User) -> None:
    token, _ = make(owner, rights=["x", "y"], estates=[1])
    accounts.define_role("a", title="甲", rights=["y"])
    assert queries.lent(access_of(User.objects.get(pk=owner.pk)), token) == Access({1: frozenset({"y"})})


def test_an_estate_lost_since_is_out_of_sight(owner: User) -> None:
    token, _ = make(owner, rights=["x"], estates=[1, 2])
    accounts.revoke_roles(owner, estate_id=2, at=AT)
    assert queries.lent(access_of(User.objects.get(pk=owner.pk)), token).estate_ids == [1]


def test_rights_held_everywhere_are_lent_in_the_named_estates_only(owner: User) -> None:
    token, _ = make(owner, rights=["x"], estates=[1])
    assert queries.lent(Access({None: frozenset({"x", "z"})}), token) == Access({1: frozenset({"x"})})


def test_a_right_must_be_held_in_every_named_estate(owner: User) -> None:
    with pytest.raises(operations.TokenRefused):
        make(owner, rights=["y"], estates=[1, 2])


def test_nobody_lends_what_only_the_owner_holds(owner: User) -> None:
    maker = accounts.create_user("maker", name="主管", password="huiyin-2026", company_id=1)
    with pytest.raises(operations.TokenRefused):
        operations.make_token(
            "t", owner=owner, rights=["x"], estates=[1], expires_at=AT + timedelta(days=1), actor=maker, at=AT
        )


def test_only_the_whole_secret_finds_the_token(owner: User) -> None:
    token, secret = make(owner, rights=["x"], estates=[1])
    assert queries.token_of(secret, at=AT) == token
    for wrong in (secret[:-1], secret + "x", secret.upper(), token.prefix, "", "hyt_", f"hyt_{token.prefix}_"):
        assert queries.token_of(wrong, at=AT) is None
    assert secret.rpartition("_")[2] not in (token.digest, token.prefix)


def uses(token: Token, how_many: int, *, at: datetime = AT) -> int:
    """Use the token so often; return how often it was let in."""
    let_in = 0
    for _ in range(how_many):
        try:
            limits.use(Token.objects.get(pk=token.pk), per_minute=LIMIT, at=at)
        except limits.TooMany as refused:
            assert 0 < refused.wait <= 60
        else:
            let_in += 1
    return let_in


def test_one_process_lets_in_exactly_the_limit_and_again_a_minute_later(owner: User) -> None:
    token, _ = make(owner, rights=["x"], estates=[1])
    assert uses(token, LIMIT + 7) == LIMIT
    assert uses(token, 3, at=AT + timedelta(minutes=1)) == 3


def test_several_processes_together_keep_the_limit_to_within_a_step(
    owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, _ = make(owner, rights=["x"], estates=[1])
    processes: list[dict[int, object]] = [{}, {}, {}]
    let_in = 0
    for turn in range(60):
        monkeypatch.setattr(limits, "_counts", processes[turn % 3])
        let_in += uses(token, 1)
    step = LIMIT // 10
    assert LIMIT <= let_in <= LIMIT + 3 * step


def test_the_last_use_is_written_now_and_then_only(owner: User) -> None:
    token, _ = make(owner, rights=["x"], estates=[1])
    uses(token, 1)
    assert Token.objects.get().last_used_at == AT
    uses(token, 1, at=AT + timedelta(seconds=50))
    assert Token.objects.get().last_used_at == AT
    uses(token, 1, at=AT + timedelta(minutes=6))
    assert Token.objects.get().last_used_at == AT + timedelta(minutes=6)
