"""The store as the service account that will write."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field, replace

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from google.auth.crypt import RSASigner
from google.oauth2.service_account import Credentials

from preflight.model import (
    Ask,
    Delete,
    Effect,
    GcsStorage,
    Get,
    List,
    Put,
    PutParts,
    Read,
    Refusal,
    Reply,
    Setting,
    WhoAmI,
)
from preflight.providers import Reach
from preflight.providers.gcs import objects, parts_key, passes, replies, uploads
from preflight.providers.gcs.key import SCOPE, Key, malformed, read_key
from preflight.providers.gcs.rights import CREATE, QUESTION
from preflight.providers.gcs.wire import API, Wire

BUCKET = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")


@dataclass(slots=True)
class WriterStore:
    """Opens the key at the first ask; a key that cannot be opened is a refusal of every ask."""

    storage: GcsStorage
    reach: Reach
    opened: tuple[Wire, Key] | Refusal | None = None
    generations: dict[str, str] = field(default_factory=dict)  # of what we wrote, to delete that and nothing else

    def ask(self, ask: Ask) -> Reply:
        started = time.monotonic()
        self.opened = self.opened or self._open()
        if isinstance(self.opened, Refusal):
            return replies.of_refusal(self.opened)
        wire, key = self.opened
        reply = self._answer(ask, wire, key, time.monotonic() + self.reach.timeout)
        if reply.effect is Effect.CERTAIN and "generation" in reply.facts:
            self.generations[reply.facts["key"]] = str(reply.facts["generation"])
        return replace(reply, millis=round((time.monotonic() - started) * 1000))

    def _answer(  # noqa: PLR0911 - one answer for each kind of ask
        self, ask: Ask, wire: Wire, key: Key, deadline: float
    ) -> Reply:
        match ask:
            case WhoAmI():
                return objects.who_am_i(wire, key, deadline)
            case Put(dry=True) | PutParts(dry=True):
                return _weaker(wire, uploads.authorise(wire, key.project, ask.key, deadline), key, deadline)
            case Put():
                upload = uploads.single(wire, key.project, ask.key)
                return uploads.create(wire, upload, ask.key, deadline, again=ask.again)
            case PutParts():
                sibling = parts_key(self.storage, ask.key)
                upload = uploads.in_parts(wire, key.project, sibling)
                return uploads.create(wire, upload, sibling, deadline)
            case Get():
                return objects.get(wire, ask.key, deadline)
            case List():
                return objects.list_own(wire, ask.prefix, deadline)
            case Delete():
                return objects.delete(wire, ask.key, self.generations.get(ask.key), deadline)
            case Read(Setting.HELD):
                return objects.held(wire, QUESTION, deadline)
            case Read():
                return replies.not_offered(ask)

    def _open(self) -> tuple[Wire, Key] | Refusal:
        key = read_key(self.storage, self.reach.endpoints.get("google-token"))
        if isinstance(key, Refusal):
            return key
        if not BUCKET.fullmatch(self.storage.bucket):
            return malformed("the bucket's name cannot be one", "invalid-bucket-name")
        try:
            credentials = Credentials(_signer(key), key.email, key.token_uri, scopes=[SCOPE])  # type: ignore[no-untyped-call]  # typed in part
        except Exception as error:  # noqa: BLE001 - a key can be broken in any way, and none is our bug
            return malformed(str(error)[:1024], type(error).__name__)
        api = self.reach.endpoints.get("gcs", API).rstrip("/")
        return Wire(credentials, self.storage.bucket, api, passes.token(key.token_uri)), key


def _signer(key: Key) -> RSASigner:
    """google-auth's own signer, with a key that is not proven prime once more: that takes longer than a write.

    Whether the key is sound is a rule of the configuration; a wrong signature would be Google's to refuse.
    """
    pem = str(key.info["private_key"]).encode()
    private = load_pem_private_key(pem, password=None, unsafe_skip_rsa_key_validation=True)
    if not isinstance(private, RSAPrivateKey):
        raise TypeError(f"the private key is of the kind {type(private).__name__}, not RSA")
    identifier = key.info.get("private_key_id")
    return RSASigner(private, identifier if isinstance(identifier, str) else None)  # type: ignore[no-untyped-call]  # typed in part


def _weaker(wire: Wire, authorised: Reply, key: Key, deadline: float) -> Reply:
    """An upload that was begun proves little; the permission has to be held as well."""
    if not authorised.ok:
        return authorised
    held = objects.held(wire, QUESTION, deadline)
    if held.refusal is not None:
        return replace(held, effect=authorised.effect, facts={**held.facts, **authorised.facts})
    facts = {**authorised.facts, **held.facts}
    if CREATE in held.facts["permissions"]:
        return replace(authorised, facts=facts)
    said = f"testIamPermissions does not confirm {CREATE} on the bucket for {key.email}"
    refusal = Refusal(
        provider="gcs",
        stage="test_permissions",
        operation="buckets.testIamPermissions",
        status=held.status,
        code="permission-unconfirmed",
        message=said,
    )
    return replace(authorised, facts=facts, refusal=refusal, status=held.status, code=refusal.code, message=said)
