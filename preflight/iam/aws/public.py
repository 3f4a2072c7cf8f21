"""Whether Amazon S3 takes a bucket policy for public.

Source: S3 User Guide, "Blocking public access", section "The meaning of public": a policy is assumed public
unless every grant is to fixed principals or is limited by a fixed value of one of the keys below.
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network

from preflight.iam.aws.conditions import Clause
from preflight.iam.aws.document import Document, Effect, Statement
from preflight.iam.aws.operators import Kind, Quantifier
from preflight.iam.aws.principals import Form
from preflight.iam.regions import Truth, negate, some

_FIXING = {
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:sourceorgid",
    "aws:sourceorgpaths",
    "aws:sourceowner",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:userid",
    "s3:dataaccesspointaccount",
    "s3:dataaccesspointarn",
    "s3:x-amz-server-side-encryption-aws-kms-key-id",
}
_POSITIVE = {Kind.STRING, Kind.FOLDED, Kind.LIKE, Kind.ARN}


def is_public(documents: Iterable[Document]) -> Truth:
    """Whether any statement makes its policy public; open for a document that AWS would refuse."""
    return some(
        None if not document.valid else public_statement(statement)
        for document in documents
        for statement in document.statements or ()
    )


def public_statement(statement: Statement) -> Truth:
    """Whether a statement alone makes its policy public."""
    names = statement.names
    if statement.effect is not Effect.ALLOW or names is None:
        return False
    if not names.excluded and not any(entry.form is Form.EVERYONE for entry in names.entries):
        return False
    return negate(some(_fixes(clause) for clause in statement.clauses))


def _fixes(clause: Clause) -> Truth:
    op = clause.operator
    if op.negated or op.if_exists or op.quantifier is Quantifier.ALL or not clause.texts:
        return False
    if op.kind is Kind.ADDRESS and clause.key == "aws:sourceip":
        return all(_narrow(want) for want in clause.wanted)
    if op.kind not in _POSITIVE or clause.key not in _FIXING:
        return False
    if all(not set(text) & set("*?") and "${" not in text for text in clause.texts):
        return True
    # Some wildcards are accepted (an ARN whose account is fixed), and AWS does not say which.
    return None


def _narrow(network: object) -> bool:
    """Ranges wider than /8 (IPv4) or /32 (IPv6) count as public."""
    match network:
        case IPv4Network():
            return network.prefixlen >= 8
        case IPv6Network():
            return network.prefixlen >= 32
        case _:
            return False
