"""The front door of S3: from a request to an answer, in the order in which AWS finds fault."""

from __future__ import annotations

from dataclasses import dataclass, replace

from preflight.sandbox.exchange import Request, Response
from preflight.sandbox.faults import Fault
from preflight.sandbox.s3 import objects, settings, signature, wire
from preflight.sandbox.s3.authentication import s3_caller
from preflight.sandbox.s3.buckets import Bucket
from preflight.sandbox.s3.context import bucket_context
from preflight.sandbox.s3.decide import Question, authorise
from preflight.sandbox.s3.encryption import use_key
from preflight.sandbox.s3.identities import Caller
from preflight.sandbox.s3.objects import Job
from preflight.sandbox.s3.operations import Operation, address, operation
from preflight.sandbox.s3.refusal import RefusedError, denied, missing_bucket, unimplemented, wrong_method
from preflight.sandbox.s3.state import State
from preflight.sandbox.world import World

_PUBLIC_ACLS = frozenset({"public-read", "public-read-write", "authenticated-read"})
# Regions that an account must switch on speak of "location constraints" when a request lands elsewhere.
_OPT_IN = frozenset({"af-south-1", "ap-east-1", "eu-south-1", "me-south-1", "ap-southeast-3", "il-central-1"})


@dataclass(frozen=True, slots=True)
class Door:
    world: World
    state: State

    def handle(self, request: Request) -> Response:
        try:
            return wire.stamp(self._serve(request), aws=self.state.aws)
        except RefusedError as refusal:
            return self._say(request, refusal)

    def refuse(self, request: Request, fault: Fault) -> Response:
        return self._say(request, RefusedError(fault.status, fault.code, fault.message, {}, fault.headers))

    def _say(self, request: Request, refusal: RefusedError) -> Response:
        bucket = self.state.buckets.get(address(request)[0])
        return wire.refusal(request, refusal, bucket.region if bucket else "", aws=self.state.aws)

    def _serve(self, request: Request) -> Response:
        state, now = self.state, self.world.now()
        for header in state.unsupported & request.headers.keys():
            raise unimplemented(header)
        name, key = address(request)
        if not name:
            raise wrong_method(request.method, "SERVICE")
        bucket = state.buckets.get(name)
        if bucket and state.aws:
            _keep_region(request, bucket)
        caller = s3_caller(request, state, now)
        if bucket is None:
            raise missing_bucket(name)
        heeded = {name: value for name, value in request.headers.items() if name not in state.ignored}
        job = Job(replace(request, headers=heeded), bucket, key, now)
        return self._perform(caller, operation(request, key), job)

    def _perform(self, caller: Caller, wanted: Operation, job: Job) -> Response:
        self._admit(caller, wanted, job)
        if wanted.name in settings.OPERATIONS:
            return settings.OPERATIONS[wanted.name](job.bucket)
        try:
            return objects.OPERATIONS[wanted.name](job)
        except RefusedError as refusal:
            if refusal.code == "NoSuchKey":
                # Whether a name exists is told to those only who may list.
                self._authorise(caller, "s3:ListBucket", job.bucket.arn, job)
            raise

    def _admit(self, caller: Caller, wanted: Operation, job: Job) -> None:
        headers, bucket = job.request.headers, job.bucket
        if headers.get("x-amz-expected-bucket-owner", bucket.account) != bucket.account:
            raise denied()
        resource = f"{bucket.arn}/{job.key}" if job.key else bucket.arn
        self._authorise(caller, wanted.action, resource, job)
        if "x-amz-acl" in headers:
            self._authorise(caller, "s3:PutObjectAcl", resource, job)
            _accept_acl(caller, headers["x-amz-acl"], resource, bucket)
        if "x-amz-tagging" in headers:
            self._authorise(caller, "s3:PutObjectTagging", resource, job)
        paid = headers.get("x-amz-request-payer") == "requester" or caller.account == bucket.account
        if bucket.settings.payer == "Requester" and not paid:
            raise denied()
        use_key(self.state, caller, wanted.name, job)

    def _authorise(self, caller: Caller, action: str, resource: str, job: Job) -> None:
        bucket = job.bucket
        known = bucket_context(job.request, self.state, caller, bucket, job.now)
        authorise(
            self.state,
            Question(
                caller=caller,
                action=action,
                resource=resource,
                owner=bucket.account,
                policy=bucket.policy,
                context=known,
                restricted=bucket.settings.blocks.get("RestrictPublicBuckets", False),
            ),
        )


def _keep_region(request: Request, bucket: Bucket) -> None:
    """Refuse a request signed for another region than the bucket's.

    The global endpoint, which us-east-1 signs for, forwards to the bucket's region, and that one complains of
    the signature; a regional endpoint knows only that the bucket is elsewhere.
    """
    signed = signature.read(request)
    if signed is None or signed.region == bucket.region:
        return
    if {signed.region, bucket.region} & _OPT_IN:
        text = (
            f"The {bucket.region} location constraint is incompatible for the region specific endpoint this "
            "request was sent to."
        )
        raise RefusedError(400, "IllegalLocationConstraintException", text)
    if signed.region == "us-east-1":
        text = (
            f"The authorization header is malformed; the region '{signed.region}' is wrong; expecting '{bucket.region}'"
        )
        raise RefusedError(400, "AuthorizationHeaderMalformed", text, {"Region": bucket.region})
    host = "s3.amazonaws.com" if bucket.region == "us-east-1" else f"s3.{bucket.region}.amazonaws.com"
    text = (
        "The bucket you are attempting to access must be addressed using the specified endpoint. Please send "
        "all future requests to this endpoint."
    )
    endpoint = f"{bucket.name}.{host}"
    raise RefusedError(301, "PermanentRedirect", text, {"Endpoint": endpoint, "Bucket": bucket.name})


def _accept_acl(caller: Caller, acl: str, resource: str, bucket: Bucket) -> None:
    if bucket.settings.ownership == "BucketOwnerEnforced" and acl != "bucket-owner-full-control":
        raise RefusedError(400, "AccessControlListNotSupported", "The bucket does not allow ACLs")
    if acl in _PUBLIC_ACLS and bucket.settings.blocks.get("BlockPublicAcls"):
        raise denied(
            f'User: {caller.arn} is not authorized to perform: s3:PutObject on resource: "{resource}" '
            "because public access control lists (ACLs) are blocked by the BlockPublicAcls block public "
            "access setting."
        )
