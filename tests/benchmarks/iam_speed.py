"""How long policy decisions take: prints one figure per question, in microseconds or milliseconds."""

# ruff: noqa: T201 - a script that prints

import json
import random
import time
from collections.abc import Callable
from typing import Any

from preflight.iam.aws.document import Kind, read
from preflight.iam.aws.evaluate import decide
from preflight.iam.aws.layers import Layers
from preflight.iam.aws.matching import Request
from preflight.iam.aws.principals import Principal
from preflight.iam.aws.s3 import Bucket, keyless
from preflight.iam.aws.shape import writing
from preflight.iam.decision import Decision
from preflight.iam.globs import Glob

STREAM = Principal.of_account("185583345998")
BUCKET = Bucket(name="recordings-bucket", account="111122223333")
LIMIT = 20_480  # bytes of a bucket policy


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)}, separators=(",", ":"))


def allow(**elements: Any) -> dict[str, Any]:
    principal = {"AWS": "arn:aws:iam::185583345998:root"}
    return {
        "Effect": "Allow",
        "Principal": principal,
        "Action": "s3:PutObject",
        "Resource": f"{BUCKET.arn}/*",
    } | elements


def deny(**elements: Any) -> dict[str, Any]:
    return {"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": f"{BUCKET.arn}/*"} | elements


def ten() -> str:
    """A policy as people have it: a grant, demands on transport and headers, other people's folders."""
    return (
        policy(
            allow(Sid="Stream"),
            deny(Action="s3:*", Resource="*", Condition={"Bool": {"aws:SecureTransport": "false"}}),
            deny(Condition={"NumericLessThan": {"s3:TlsVersion": "1.2"}}),
            deny(Condition={"StringEquals": {"s3:x-amz-acl": ["public-read", "public-read-write"]}}),
            deny(Action="s3:DeleteObject", NotPrincipal={"AWS": "arn:aws:iam::111122223333:root"}, Principal=None),
            *(
                allow(Principal={"AWS": f"arn:aws:iam::111122223333:role/r{n}"}, Resource=f"{BUCKET.arn}/r{n}/*")
                for n in range(4)
            ),
            deny(Resource=f"{BUCKET.arn}/private/*"),
        )
        .replace(',"Principal":null', "")
        .replace('"Principal":null,', "")
    )


def filled(make: Callable[[int], str], **elements: Any) -> str:
    """A policy of nearly 20 KB: a grant, and a Deny of as many resources as fit."""
    resources: list[str] = []
    while len(policy(allow(), deny(Resource=resources, **elements))) < LIMIT - 120:
        resources.append(f"{BUCKET.arn}/{make(len(resources))}")
    return policy(allow(), deny(Resource=resources, **elements))


def adversarial() -> dict[str, str]:
    dice = random.Random(1)  # noqa: S311 - no secret

    def some(length: int) -> str:
        return "".join(dice.choice("abcdef") for _ in range(length))

    def stars(length: int) -> str:
        return "*" + "*".join(some(length)) + "*"

    long = "*".join(some(1) for _ in range(9000))
    notted = deny(NotResource=[f"{BUCKET.arn}/recordings/{stars(3)}" for _ in range(350)])
    notted.pop("Resource")
    return {
        "folders": filled(lambda n: f"folder-{n}/*"),
        "*a*b*c* denies": filled(lambda _: stars(3)),
        "*a*b*c*d*e*f* denies under the path": filled(lambda _: "recordings/" + stars(6)),
        "? and * denies": filled(lambda n: "*" + some(1) + "?" * (n % 24)),
        "one pattern of 18 KB": policy(allow(), deny(Resource=f"{BUCKET.arn}/*{long}*")),
        "NotResource of *a*b*c*": policy(allow(), notted),
        "*a*b*c* grants": policy(*(allow(Resource=f"{BUCKET.arn}/{stars(3)}") for _ in range(95))),
        "grants against denies": policy(
            *(allow(Resource=f"{BUCKET.arn}/recordings/{stars(4)}") for _ in range(45)),
            *(deny(Resource=f"{BUCKET.arn}/recordings/{stars(3)}") for _ in range(45)),
        ),
        "open grants against denies": policy(
            *(
                allow(
                    Resource=f"{BUCKET.arn}/recordings/{stars(4)}",
                    Condition={"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}},
                )
                for _ in range(30)
            ),
            *(deny(Resource=f"{BUCKET.arn}/recordings/{stars(3)}") for _ in range(45)),
        ),
        "conditions": filled(lambda n: f"f{n}/*", Condition={"NotIpAddress": {"aws:SourceIp": ["10.0.0.0/8"] * 40}}),
    }


def layers(text: str) -> Layers:
    return keyless(read(text, Kind.RESOURCE), owner=BUCKET.account, restricted=True)


def timed(job: Callable[[], Decision], least: float = 0.3) -> tuple[float, Decision]:
    """The best of several runs, in seconds."""
    best, spent, result = float("inf"), 0.0, job()
    while spent < least:
        start = time.perf_counter()
        result = job()
        took = time.perf_counter() - start
        best, spent = min(best, took), spent + took
    return best, result


def main() -> None:
    context = writing(bucket_account=BUCKET.account).over(STREAM.keys())
    every = Request(STREAM, "s3:PutObject", BUCKET.keys("recordings/"), context)
    one = Request(STREAM, "s3:PutObject", Glob.literal(f"{BUCKET.arn}/recordings/a.mp4"), context)
    read_ten = layers(ten())
    print(f"ten statements, one key       {timed(lambda: decide(one, read_ten))[0] * 1e6:9.0f} µs")
    print(f"ten statements, every key     {timed(lambda: decide(every, read_ten))[0] * 1e6:9.0f} µs")
    for name, text in adversarial().items():
        took, decision = timed(lambda text=text: decide(every, layers(text)))  # type: ignore[misc]  # bound now
        print(f"{len(text):6} bytes, read and prove   {took * 1e3:7.1f} ms  {decision.answer:8} {name}")


if __name__ == "__main__":
    main()
