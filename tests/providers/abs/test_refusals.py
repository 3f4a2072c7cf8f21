"""What the writer makes of every refusal: the raw signal of the one who refused, and whether something exists now."""

import socket
from dataclasses import replace

import pytest

from preflight.checks import Stage, drawer
from preflight.diagnose import diagnose
from preflight.model import Ask, Effect, Get, Put, PutParts, Secret, WhoAmI
from preflight.providers.abs.blobs import BlobWriter
from preflight.sandbox import Fault, Kind, Scenario, scenarios
from tests.providers.abs.conftest import KEY, OpenAzure

ASKS: dict[str, Ask] = {"write-multipart": PutParts(KEY), "withhold-read": Get(KEY)}


def _asked() -> list[Scenario]:
    """The scenarios of this cloud that neither the configuration alone decides, nor documents do."""
    ours = [scenario for scenario in scenarios() if scenario.cloud == "abs" and not scenario.inspect]
    return [s for s in ours if not s.expect.check or drawer()[s.expect.check].stage is not Stage.CONFIG]


@pytest.mark.parametrize("scenario", _asked(), ids=lambda scenario: scenario.name)
def test_every_scenario_refuses_what_it_is_about(open_azure: OpenAzure, scenario: Scenario) -> None:
    """Through the real SDKs, the ask that a scenario is about gives the signal that means its cause."""
    azure = open_azure(scenario.name)
    writer, expect = azure.writer, scenario.expect
    written = writer.ask(Put(KEY))
    if expect.check is None:
        assert [written.ok, writer.ask(PutParts(KEY)).ok] == [True, True]
        return
    reply = writer.ask(ASKS[expect.check]) if expect.check in ASKS else written
    if expect.verdict == "ready":
        assert reply.ok
        return
    assert reply.refusal is not None
    candidates = diagnose(reply.refusal, azure.storage).candidates
    assert candidates[0].cause is expect.cause


def test_a_token_refusal_names_the_accounts_tenant(open_azure: OpenAzure, put: Put) -> None:
    """When the token is refused, an anonymous request still tells whose account it is: proof of a wrong tenant."""
    azure = open_azure("abs/missing-tenant")
    reply = azure.writer.ask(put)
    assert reply.refusal is not None
    assert (reply.refusal.stage, reply.code) == ("token", "AADSTS90002")
    tenant = azure.box.world.document["tenant"]
    assert reply.facts["tenant"] == tenant
    assert tenant in reply.refusal.headers["www-authenticate"]
    assert "Authorization" not in str(azure.box.world.served)


def test_a_challenge_for_another_tenant_is_not_followed(open_azure: OpenAzure, put: Put) -> None:
    """The writer is the configured tenant's: no token is asked for at the tenant that the answer names."""
    azure = open_azure("abs/other-tenant")
    reply = azure.writer.ask(put)
    assert (reply.status, reply.code) == (401, "InvalidAuthenticationInfo")
    assert reply.facts["tenant"] == azure.box.world.document["accounts"]["contosorecordings"]["tenant"]
    tokens = [request.path for service, request in azure.box.world.served if service == "entra"]
    assert {path.split("/")[1] for path in tokens} == {azure.storage.tenant_id}
    assert reply.effect is Effect.NONE


def test_a_refused_token_is_asked_for_once(open_azure: OpenAzure, put: Put) -> None:
    """A wrong secret is not tried again and again: that locks accounts."""
    azure = open_azure("abs/wrong-secret")
    writer = azure.writer
    for ask in (WhoAmI(), put, PutParts(KEY), Get(KEY)):
        assert writer.ask(ask).code == "AADSTS7000215"
    posts = [request for service, request in azure.box.world.served if service == "entra" and request.method == "POST"]
    assert len(posts) == 1


def test_a_lost_answer_is_found_again(open_azure: OpenAzure, put: Put) -> None:
    """A write whose answer broke off is repeated once; that the name is taken by now proves that it was ours."""
    azure = open_azure("abs/lost-answer")
    reply = azure.writer.ask(put)
    assert reply.ok
    assert reply.effect is Effect.CERTAIN
    assert reply.facts["earlier_answer_lost"] is True


@pytest.mark.parametrize("ask", [Put(KEY), PutParts(KEY)], ids=str)
def test_a_name_that_is_taken_at_first_is_not_ours(open_azure: OpenAzure, ask: Put | PutParts) -> None:
    """Without an answer that was lost, "it exists already" proves no write of this run."""
    azure = open_azure()
    assert azure.writer.ask(ask).ok
    reply = azure.writer.ask(ask)
    assert (reply.ok, reply.code) == (False, "BlobAlreadyExists")
    assert reply.effect is (Effect.NONE if isinstance(ask, Put) else Effect.POSSIBLE)  # the block was staged


def test_a_lost_commit_is_found_again(open_azure: OpenAzure) -> None:
    """Likewise for a block list."""
    azure = open_azure()
    azure.box.inject(Fault(kind=Kind.LOSE, service="abs", request="PUT *comp=blocklist*", times=1))
    reply = azure.writer.ask(PutParts(KEY))
    assert reply.ok
    assert reply.facts["earlier_answer_lost"] is True


@pytest.mark.parametrize("request_", ["PUT *", "PUT *comp=block&*", "PUT *comp=blocklist*"])
@pytest.mark.parametrize(("status", "code"), [(429, "TooManyRequests"), (503, "ServerBusy")])
def test_a_write_that_was_put_off_is_asked_once_more(
    open_azure: OpenAzure, request_: str, status: int, code: str
) -> None:
    """A busy service is left alone for a moment and asked once more, whichever of the three writes it put off."""
    azure = open_azure()
    azure.box.inject(Fault(kind=Kind.REFUSE, service="abs", request=request_, status=status, code=code, times=1))
    reply = azure.writer.ask(Put(KEY) if request_ == "PUT *" else PutParts(KEY))
    assert (reply.ok, reply.effect) == (True, Effect.CERTAIN)


@pytest.mark.parametrize(
    ("code", "headers"), [("ServerBusy", {"Retry-After": "3600"}), ("InternalError", {})], ids=["too long", "not busy"]
)
@pytest.mark.parametrize("ask", [Put(KEY), PutParts(KEY)], ids=str)
def test_a_write_that_failed_otherwise_is_not_repeated(
    open_azure: OpenAzure, ask: Put | PutParts, code: str, headers: dict[str, str]
) -> None:
    """Neither an error that is no put-off nor a rest longer than the time allowed makes a second request."""
    azure = open_azure()
    azure.box.inject(Fault(kind=Kind.REFUSE, service="abs", status=503, code=code, headers=headers))
    reply = azure.writer.ask(ask)
    assert (reply.code, reply.effect, len(azure.asked)) == (code, Effect.POSSIBLE, 1)


def test_a_write_that_stays_put_off_is_asked_twice(open_azure: OpenAzure, put: Put) -> None:
    """Once more, and no further."""
    azure = open_azure("abs/busy")
    reply = azure.writer.ask(put)
    assert (reply.code, reply.effect, len(azure.asked)) == ("ServerBusy", Effect.POSSIBLE, 2)


def test_a_write_that_a_busy_service_did_is_found_again(open_azure: OpenAzure, put: Put) -> None:
    """That the name is taken after "busy" proves that the busy service had written it."""
    azure = open_azure()
    assert azure.writer.ask(put).ok
    azure.box.inject(Fault(kind=Kind.REFUSE, service="abs", status=503, code="ServerBusy", times=1))
    reply = azure.writer.ask(put)
    assert (reply.ok, reply.effect) == (True, Effect.CERTAIN)


@pytest.mark.parametrize("kind", [Kind.RESET, Kind.LOSE])
def test_answers_that_stay_lost_leave_a_doubt(open_azure: OpenAzure, put: Put, kind: Kind) -> None:
    """Nobody knows whether it was written: the effect is possible, never none."""
    azure = open_azure()
    azure.box.inject(Fault(kind=kind, service="abs", request="PUT *"))
    reply = azure.writer.ask(put)
    assert reply.refusal is not None
    assert reply.refusal.stage == "connect"
    assert reply.effect is Effect.POSSIBLE


def test_silence_ends_with_the_time_allowed(open_azure: OpenAzure, put: Put) -> None:
    """A server that says nothing is given up, and what it did stays in doubt."""
    azure = open_azure(timeout=0.5)
    azure.box.inject(Fault(kind=Kind.HANG, service="abs", request="PUT *"))
    reply = azure.writer.ask(put)
    assert (reply.code, reply.effect) == ("ReadTimeout", Effect.POSSIBLE)
    assert len(azure.asked) == 1


@pytest.mark.parametrize("kind", [Kind.CUT, Kind.MALFORM, Kind.ENDLESS])
def test_broken_refusals_still_tell_their_code(open_azure: OpenAzure, put: Put, kind: Kind) -> None:
    """Whatever happens to the body, status and code are in the head; an endless one is cut off."""
    azure = open_azure("abs/control-plane-role")
    azure.box.inject(Fault(kind=kind, service="abs", request="PUT *"))
    reply = azure.writer.ask(put)
    assert (reply.status, reply.code) == (403, "AuthorizationPermissionMismatch")
    assert reply.effect is Effect.NONE
    assert reply.refusal is not None
    assert len(reply.refusal.body or "") <= 16 * 1024


def test_a_success_that_is_not_azures_is_none(open_azure: OpenAzure, put: Put) -> None:
    """A page with status 201 is a refusal, and what was stored is anybody's guess."""
    reply = open_azure("abs/captive-portal").writer.ask(put)
    assert reply.refusal is not None
    assert reply.status == 201
    assert reply.effect is Effect.POSSIBLE


@pytest.mark.parametrize(
    "headers",
    [
        {"x-ms-request-id": "1", "ETag": '"0x1"', "Content-Type": "text/html"},
        {"x-ms-request-id": "1", "Content-Type": "application/xml"},
        {"ETag": '"0x1"', "Content-Type": "application/xml"},
        {"Content-Type": "application/xml"},
    ],
    ids=["a page", "no tag", "no request id", "nothing"],
)
def test_a_created_without_all_of_azures_signs_proves_nothing(
    open_azure: OpenAzure, put: Put, headers: dict[str, str]
) -> None:
    """Gateways copy headers: only an answer that bears all that Azure always sends stands for a stored blob."""
    azure = open_azure()
    azure.box.inject(Fault(kind=Kind.ANSWER, service="abs", status=201, headers=headers, body=""))
    reply = azure.writer.ask(put)
    assert (reply.ok, reply.effect) == (False, Effect.POSSIBLE)


def test_a_read_that_gives_something_else_is_none(open_azure: OpenAzure, put: Put) -> None:
    """What was written is known again by its opening; anything else was not read from the container."""
    azure = open_azure("abs/grants-too-much")
    assert azure.writer.ask(put).ok
    assert azure.writer.ask(Get(KEY)).ok
    headers = {"x-ms-request-id": "1", "Content-Type": "text/plain"}
    azure.box.inject(Fault(kind=Kind.ANSWER, service="abs", status=200, headers=headers, body="welcome"))
    refusal = azure.writer.ask(Get(KEY)).refusal
    assert refusal is not None
    assert refusal.foreign


STRANGERS = {
    "envoy": ("RBAC: access denied", {"Content-Type": "text/plain", "Server": "envoy"}),
    "kong": ('{"message":"Forbidden"}', {"Content-Type": "application/json"}),
    "gateway": ('{"error":"forbidden","message":"Access denied by gateway"}', {"Content-Type": "application/json"}),
    "nested": ('{"error":{"message":"Forbidden"}}', {"Content-Type": "application/json"}),
    "plain": ("Forbidden", {"Content-Type": "text/plain"}),
    "nothing": ("", {}),
}


@pytest.mark.parametrize("stranger", STRANGERS)
@pytest.mark.parametrize("status", [201, 403, 407, 502])
@pytest.mark.parametrize("service", ["abs", "entra"])
def test_a_strangers_refusal_is_not_azures(
    open_azure: OpenAzure, put: Put, service: str, status: int, stranger: str
) -> None:
    """An answer without anything of Azure's own is marked, so that nobody takes it for a denial of the storage."""
    azure = open_azure()
    body, headers = STRANGERS[stranger]
    request = "P* *"  # the tenant's metadata is not what is asked for here
    azure.box.inject(
        Fault(kind=Kind.ANSWER, service=service, request=request, status=status, headers=headers, body=body)
    )
    refusal = azure.writer.ask(put).refusal
    assert refusal is not None
    assert (refusal.status, refusal.foreign) == (status, True)


OF_AZURE = {
    "XML": (403, "\ufeff<?xml version='1.0'?><Error><Code>AuthorizationFailure</Code></Error>", {}),
    "resource manager": (403, '{"error":{"code":"AuthorizationFailed","message":"no"}}', {}),
    "Entra ID": (401, '{"error":"invalid_client","error_description":"AADSTS7000215","error_codes":[7000215]}', {}),
    "no words": (403, "", {"x-ms-request-id": "1"}),
    "failing": (503, "<Error><Code>ServerBusy</Code></Error>", {"x-ms-request-id": "1"}),
}


@pytest.mark.parametrize("answer", OF_AZURE)
@pytest.mark.parametrize("service", ["abs", "entra"])
def test_azures_own_refusal_is_azures(open_azure: OpenAzure, put: Put, service: str, answer: str) -> None:
    """Each of Azure's dialects, and a bare answer with its header, is believed."""
    azure = open_azure()
    status, body, headers = OF_AZURE[answer]
    azure.box.inject(
        Fault(kind=Kind.ANSWER, service=service, request="P* *", status=status, headers=headers, body=body)
    )
    refusal = azure.writer.ask(put).refusal
    assert refusal is not None
    assert (refusal.status, refusal.foreign) == (status, False)


def test_a_gateway_that_lost_azure_is_a_stranger(open_azure: OpenAzure, put: Put) -> None:
    """Headers of an answer that was lost behind a gateway vouch for nothing; nor do they for a proxy's login."""
    for status in (407, 502, 511):
        azure = open_azure()
        headers = {"x-ms-request-id": "1"}
        azure.box.inject(Fault(kind=Kind.ANSWER, service="abs", status=status, headers=headers, body="Bad Gateway"))
        refusal = azure.writer.ask(put).refusal
        assert refusal is not None
        assert refusal.foreign


def test_a_redirect_is_not_followed(open_azure: OpenAzure, put: Put) -> None:
    """Neither the blob nor the token goes where an answer points."""
    azure = open_azure()
    elsewhere = {"Location": f"{azure.box.endpoints['arm']}/elsewhere"}
    azure.box.inject(Fault(kind=Kind.ANSWER, service="abs", request="PUT *", status=307, headers=elsewhere))
    reply = azure.writer.ask(put)
    assert reply.refusal is not None
    assert reply.status == 307
    assert reply.refusal.headers["location"] == elsewhere["Location"]
    assert "arm" not in {service for service, _ in azure.box.world.served}


def test_metadata_that_leads_elsewhere_gets_no_secret(open_azure: OpenAzure, put: Put) -> None:
    """A tenant's metadata that names a token endpoint on another host is refused, not called."""
    azure = open_azure()
    base = f"{azure.box.endpoints['arm']}/evil"
    document = f'{{"issuer": "{base}", "authorization_endpoint": "{base}/a", "token_endpoint": "{base}/t"}}'
    azure.box.inject(
        Fault(
            kind=Kind.ANSWER,
            service="entra",
            request="GET *",
            status=200,
            headers={"Content-Type": "application/json"},
            body=document,
        )
    )
    reply = azure.writer.ask(put)
    assert reply.refusal is not None
    assert reply.refusal.stage == "token"
    assert "arm" not in {service for service, _ in azure.box.world.served}


@pytest.mark.parametrize(
    ("body", "kind"), [("<html>log in</html>", "text/html"), ("[]", "application/json"), ("{", "application/json")]
)
@pytest.mark.parametrize("status", [200, 407, 502])
def test_nonsense_from_the_token_endpoint_is_a_refusal(
    open_azure: OpenAzure, put: Put, body: str, kind: str, status: int
) -> None:
    """A portal or a broken gateway in front of Entra ID crashes nothing and passes for nothing."""
    azure = open_azure()
    azure.box.inject(Fault(kind=Kind.ANSWER, service="entra", status=status, headers={"Content-Type": kind}, body=body))
    reply = azure.writer.ask(put)
    assert reply.refusal is not None
    assert reply.refusal.stage == "token"
    assert reply.status == status
    assert reply.effect is Effect.NONE


@pytest.mark.parametrize("number", ["EAI_NONAME", "EAI_AGAIN"])
def test_a_name_that_is_unknown_and_a_resolver_that_fails_differ(
    open_azure: OpenAzure, put: Put, monkeypatch: pytest.MonkeyPatch, number: str
) -> None:
    """No such account and no name server are told apart by the resolver's own error, with the host."""
    azure = open_azure()
    account = f"{azure.storage.account_name}.blob.example"
    reach = replace(azure.reach, endpoints={**azure.reach.endpoints, "abs": "https://blob.example"})
    resolve = socket.getaddrinfo

    def resolving(host: str | bytes | None, *rest: object, **options: object) -> object:
        if host in {account, account.encode()}:
            raise socket.gaierror(getattr(socket, number), "as the resolver words it")
        return resolve(host, *rest, **options)  # type: ignore[arg-type]  # passed through

    monkeypatch.setattr(socket, "getaddrinfo", resolving)
    reply = BlobWriter(azure.storage, reach).ask(put)
    assert reply.refusal is not None
    assert (reply.refusal.stage, reply.code, reply.effect) == ("dns", number, Effect.NONE)
    assert account in (reply.refusal.text or "")
    assert number in (reply.refusal.text or "")


def test_nothing_was_sent_where_nobody_listens(open_azure: OpenAzure, put: Put) -> None:
    """A refused connection leaves no doubt."""
    reply = open_azure("abs/closed-port").writer.ask(put)
    assert (reply.code, reply.effect) == ("ECONNREFUSED", Effect.NONE)


def test_the_secret_is_in_no_reply(open_azure: OpenAzure, put: Put, capfd: pytest.CaptureFixture[str]) -> None:
    """Neither replies nor the SDKs' own logging show the secret or the token, and nothing is printed."""
    azure = open_azure("abs/wrong-secret")
    writer = azure.writer
    told = "".join(repr(writer.ask(ask)) for ask in (WhoAmI(), put, PutParts(KEY)))
    secret = azure.storage.client_secret
    assert secret is not None
    assert secret.reveal() not in told
    assert capfd.readouterr() == ("", "")


def test_an_account_key_is_really_tried(open_azure: OpenAzure, put: Put) -> None:
    """The older page's key uploads both ways, and the reply says that it grants everything."""
    writer = open_azure("abs/account-key").writer
    for ask in (put, PutParts(KEY), Get(KEY)):
        reply = writer.ask(ask)
        assert reply.ok
        assert reply.facts["grants_everything"] is True


def test_an_account_key_that_is_switched_off(open_azure: OpenAzure, put: Put) -> None:
    """With a key only, the key is really tried; Azure's refusal says that keys are off."""
    azure = open_azure("abs/shared-key-off")
    keyed = replace(azure.storage, client_secret=None, account_key=Secret("a2V5", source="test"))
    reply = BlobWriter(keyed, azure.reach).ask(put)
    assert reply.refusal is not None
    assert reply.code == "KeyBasedAuthenticationNotPermitted"
    assert reply.facts["grants_everything"] is True
