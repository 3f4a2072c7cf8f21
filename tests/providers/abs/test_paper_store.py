"""What Azure's documents say about the write, from settings alone."""

from collections.abc import Mapping
from typing import Any

import pytest

from preflight.model import AbsStorage, Cause, Delete, Get, List, Put, PutParts, Refusal, Reply, Secret, Setting, Store
from preflight.providers import abs as azure

OBJECT, CLIENT = "e4b8d1a6-7c2f-4950-93be-2f6a8c0d5e04", "7a9e4b52-1f3d-4e8b-b6c2-90d8e5a1c302"
SUBSCRIPTION = "/subscriptions/5d2e8c47-3b6a-4f19-8e70-1c9b4a6d2e03"
ACCOUNT = f"{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/contoso"
CONTAINER = f"{ACCOUNT}/blobServices/default/containers/recordings"
CONTRIBUTOR = "ba92f5b4-2d11-453d-a403-e96b0029c9fe"
BLOBS = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs"

Told = Mapping[Setting, Mapping[str, Any]]
FLAT = {Setting.ACCOUNT: {"hierarchical": False}}


def assignment(**changes: Any) -> dict[str, Any]:
    whole = {
        "name": "one",
        "principalId": OBJECT,
        "principalType": "ServicePrincipal",
        "roleDefinitionId": f"{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/{CONTRIBUTOR}",
        "scope": CONTAINER,
        **changes,
    }
    return {"name": whole.pop("name"), "properties": whole}


def listed(*assignments: Any, **more: Any) -> dict[Setting, Any]:
    whole = {"assignments": list(assignments), "deny_assignments": [], "definitions": [], "scope": CONTAINER}
    return {**FLAT, Setting.POLICY: {"document": {**whole, "principal": OBJECT, **more}}}


def exported(*assignments: Any) -> dict[Setting, Any]:
    return {**FLAT, Setting.POLICY: {"document": {"assignments": list(assignments)}}}


def store(told: Told) -> Store:
    def read(setting: Setting) -> Reply:
        if setting in told:
            return Reply(facts=told[setting])
        return Reply(code="not-given", refusal=Refusal(provider="abs", code="not-given"))

    storage = AbsStorage(
        name="s", storage_type="abs", bucket="recordings", path="calls/", account_name="contoso", client_id=CLIENT
    )
    found = azure.paper(storage, read)
    assert not isinstance(found, str)
    return found


def ask(told: Told, asked: Any = None) -> Reply:
    return store(told).ask(asked or Put("calls/x"))


def test_the_role_proves_both_ways_of_writing() -> None:
    """Allowed for every blob, whole and in parts, by the assignment."""
    for asked in (Put("calls/x"), PutParts("calls/x")):
        reply = ask(listed(assignment()), asked)
        assert (reply.ok, reply.facts["answer"], reply.facts["assumptions"]) == (True, "allowed", [])
        assert reply.facts["statement"] == "one of the role assignments"


def test_add_alone_is_not_enough_for_parts() -> None:
    """A blob of a new name may be written whole, blocks may not."""
    role = {
        "name": "adder",
        "properties": {"roleName": "adder", "permissions": [{"dataActions": [f"{BLOBS}/add/action"]}]},
    }
    told = listed(assignment(roleDefinitionId="/x/adder"), definitions=[role])
    assert ask(told).ok
    reply = ask(told, PutParts("calls/x"))
    assert reply.facts["answer"] == "denied"
    assert reply.candidates[0].missing[0].action == f"{BLOBS}/write"


def test_nobody_is_assigned_anything() -> None:
    """A list that was asked for at the container, for the writer, and is empty, denies."""
    reply = ask(listed())
    assert (reply.facts["answer"], reply.candidates[0].cause) == ("denied", Cause.PERMISSION_MISSING)


def test_what_was_exported_may_not_be_all() -> None:
    """The same list out of a file decides nothing by what it lacks."""
    reply = ask(exported())
    assert reply.facts["answer"] == "unknown"
    assert ask(exported(assignment(principalName=CLIENT))).ok


def test_the_id_of_the_application_is_the_wrong_one() -> None:
    """Roles are assigned to service principals."""
    reply = ask(listed(assignment(principalId=CLIENT)))
    assert reply.candidates[0].cause is Cause.WRONG_PRINCIPAL
    assert OBJECT in reply.candidates[0].because


def test_an_account_with_folders_may_have_lists_of_its_own() -> None:
    """On a hierarchical account, and where that was not read, the absence of a role is no denial."""
    assert ask({**listed(), Setting.ACCOUNT: {"hierarchical": True}}).facts["answer"] == "unknown"
    assert ask({Setting.POLICY: listed()[Setting.POLICY]}).facts["answer"] == "unknown"


def test_a_condition_is_named() -> None:
    """With the blob that it refuses."""
    told = listed(assignment(condition=f"@Resource[{BLOBS}:path] StringLike 'uploads/*'", conditionVersion="2.0"))
    reply = ask(told)
    assert (reply.facts["denied"], reply.candidates[0].cause) == ("calls/x", Cause.CONDITION_UNMET)


INSIDE = (
    "@Environment[isPrivateLink] BoolEquals true",
    "@Environment[isPrivateLink] BoolNotEquals false",
    "@Environment[Microsoft.Network/privateEndpoints] StringEqualsIgnoreCase '/subscriptions/x'",
    "@Environment[Microsoft.Network/virtualNetworks/subnets] ForAnyOfAnyValues:StringEquals {'/a', '/b'}",
    "Exists @Environment[Microsoft.Network/virtualNetworks/subnets]",
    f"@Environment[isPrivateLink] BoolEquals true AND @Resource[{BLOBS}:path] StringLike 'calls/*'",
)


@pytest.mark.parametrize("clause", INSIDE)
def test_a_grant_to_who_is_inside_is_none_to_stream(clause: str) -> None:
    """Who asks from a private endpoint or a subnet may pass; Stream, which is in neither, is refused by its network."""
    for whole in (clause, f"(!(ActionMatches{{'{BLOBS}/*'}}) OR ({clause}))"):
        reply = ask(listed(assignment(condition=whole, conditionVersion="2.0")))
        assert reply.facts["answer"] == "unknown"
        assert [one.cause for one in reply.candidates] == [Cause.NETWORK_DENIED] * len(reply.candidates) != []
        assert "Stream" in reply.candidates[0].because


@pytest.mark.parametrize(
    "clause",
    [
        "@Environment[isPrivateLink] BoolEquals false",
        "NOT Exists @Environment[Microsoft.Network/privateEndpoints]",
        "Exists @Principal[a]",
    ],
)
def test_what_lets_the_outside_in_is_no_matter_of_networks(clause: str) -> None:
    """Nor is what is open for another reason: the network is blamed only where it surely refuses Stream."""
    reply = ask(listed(assignment(condition=clause, conditionVersion="2.0")))
    assert Cause.NETWORK_DENIED not in [one.cause for one in reply.candidates]


def test_another_grant_needs_no_network() -> None:
    """One assignment from everywhere is enough, whatever a second one asks for."""
    inside = assignment(name="inside", condition=INSIDE[0], conditionVersion="2.0")
    assert ask(listed(inside, assignment())).ok


@pytest.mark.parametrize(
    ("kind", "sku", "holds"),
    [
        ("StorageV2", "Standard_LRS", True),
        ("Storage", "Standard_GRS", True),
        ("BlobStorage", "Standard_LRS", True),
        ("BlockBlobStorage", "Premium_LRS", True),
        ("StorageV2", None, True),
        (None, None, True),
        ("StorageV2", "Premium_LRS", False),
        ("StorageV2", "Premium_ZRS", False),
        ("Storage", "Premium_LRS", False),
        ("FileStorage", "Premium_LRS", False),
        ("FileStorage", "StandardV2_LRS", False),
    ],
)
def test_an_account_for_something_else_holds_no_recording(kind: str | None, sku: str | None, *, holds: bool) -> None:
    """Premium accounts of the general kinds hold page blobs, file accounts shares: no role lets a block blob in."""
    told = {**listed(assignment()), Setting.ACCOUNT: {"hierarchical": False, "kind": kind, "sku": sku}}
    for asked in (Put("calls/x"), PutParts("calls/x")):
        reply = ask(told, asked)
        assert reply.ok is holds
        if not holds:
            assert [one.cause for one in reply.candidates] == [Cause.ACCOUNT_KIND_UNSUPPORTED]
            assert reply.candidates[0].missing == ()
            assert str(kind) in reply.candidates[0].because
    assert ask(told, Get("calls/x")).ok


def test_reading_is_withheld() -> None:
    """The same documents tell what else the writer may do."""
    assert ask(listed(assignment()), Get("calls/x")).ok
    assert ask(listed(), Get("calls/x")).facts["answer"] == "denied"


LISTING = f"ActionMatches{{'{BLOBS}/read'}} AND SubOperationMatches{{'Blob.List'}}"
READING = f"ActionMatches{{'{BLOBS}/read'}} AND NOT SubOperationMatches{{'Blob.List'}}"


@pytest.mark.parametrize(
    ("condition", "listed_", "read"),
    [
        (f"(!({READING})) OR (@Resource[{BLOBS}:path] StringLike 'readonly/*')", "allowed", "denied"),
        (f"(!({READING})) OR (@Resource[{BLOBS}:path] StringLike 'calls/*')", "allowed", "allowed"),
        (f"(!({LISTING})) OR (@Request[{BLOBS}:prefix] StringStartsWith 'other/')", "denied", "allowed"),
        (f"(!({LISTING})) OR (@Request[{BLOBS}:prefix] StringStartsWith 'calls/')", "allowed", "allowed"),
        (f"@Resource[{BLOBS}:path] StringLike 'calls/*'", "denied", "allowed"),
        (f"@Request[{BLOBS}:prefix] StringStartsWith 'calls/'", "allowed", "denied"),
        (f"@Request[{BLOBS}:prefix] StringEquals 'calls/'", "split", "denied"),
        ("SubOperationMatches{'Blob.List'}", "allowed", "denied"),
    ],
)
def test_listing_is_a_suboperation_of_reading(condition: str, listed_: str, read: str) -> None:
    """It has an action of its own in conditions, and a prefix in place of a path."""
    told = listed(assignment(condition=condition, conditionVersion="2.0"))
    assert ask(told, List("calls/x")).facts["answer"] == listed_
    assert ask(told, Get("calls/x")).facts["answer"] == read


def held(role: str, scope: str, **more: Any) -> dict[str, Any]:
    """A role that rules over resources, beside the one that writes."""
    definition = f"{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/{role}"
    return assignment(name="ruler", roleDefinitionId=definition, scope=scope, **more)


OWNER, KEY_OPERATOR = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "81a9662b-bebf-436f-a333-f67b29880f12"
RULER, DATA_ACCESS = "17d1049b-9a84-46fb-8f53-869881c3d3ab", "c12c1c16-33a1-487b-954d-41c89c60f349"
LIST_KEYS = "Microsoft.Storage/storageAccounts/listKeys/action"
KEYED = {"hierarchical": False, "shared_key": True}
WRITER = {
    "name": "writer",
    "properties": {"roleName": "writer", "permissions": [{"dataActions": [f"{BLOBS}/write"]}]},
}


def beyond(*others: Any, account: Mapping[str, Any] = KEYED, **more: Any) -> list[Reply]:
    """What documents say of reading, listing and deleting, with a role that only writes and others beside it."""
    writes = assignment(roleDefinitionId="/x/writer")
    told = {**listed(writes, *others, **{"definitions": [WRITER], **more}), Setting.ACCOUNT: account}
    return [ask(told, asked) for asked in (Get("calls/x"), List("calls/x"), Delete("calls/x"))]


@pytest.mark.parametrize("role", [OWNER, RULER, DATA_ACCESS, KEY_OPERATOR])
@pytest.mark.parametrize("scope", [SUBSCRIPTION, f"{SUBSCRIPTION}/resourceGroups/rg", ACCOUNT])
def test_who_reads_the_accounts_key_holds_everything(role: str, scope: str) -> None:
    """No data action is granted, and everything can be read and deleted: the right that does it is named."""
    for reply in beyond(held(role, scope)):
        assert (reply.facts["answer"], reply.facts["granted"]) == ("allowed", [LIST_KEYS])
        assert "ruler" in str(reply.message)


@pytest.mark.parametrize(
    ("assigned", "account"),
    [
        (held(OWNER, CONTAINER), KEYED),
        (held(OWNER, f"{ACCOUNT}2"), KEYED),
        (held(OWNER, ACCOUNT, principalId=CLIENT), KEYED),
        (held(OWNER, ACCOUNT), {**KEYED, "shared_key": False}),
        (held("acdd72a7-3385-48ef-bd42-f606fba81ae7", SUBSCRIPTION), KEYED),
    ],
)
def test_a_key_that_is_out_of_reach_opens_nothing(assigned: dict[str, Any], account: Mapping[str, Any]) -> None:
    """Below the account there is no key, another's role is not the writer's, and a key may be switched off."""
    assert [reply.facts["answer"] for reply in beyond(assigned, account=account)] == ["denied"] * 3


def test_what_takes_the_key_away() -> None:
    """A role without the action, and a deny assignment, leave reading and deleting withheld."""
    careful = {
        "name": "careful",
        "properties": {"roleName": "careful", "permissions": [{"actions": ["*"], "notActions": ["*/listKeys/action"]}]},
    }
    own = held("careful", SUBSCRIPTION)
    assert [one.facts["answer"] for one in beyond(own, definitions=[WRITER, careful])] == ["denied"] * 3
    denial = {
        "properties": {
            "denyAssignmentName": "stack",
            "scope": ACCOUNT,
            "permissions": [{"actions": [LIST_KEYS]}],
            "principals": [{"id": OBJECT, "type": "ServicePrincipal"}],
        }
    }
    assert [one.facts["answer"] for one in beyond(held(OWNER, ACCOUNT), deny_assignments=[denial])] == ["denied"] * 3


def test_a_role_that_was_not_read_may_hold_the_key() -> None:
    """Then nobody knows what is withheld."""
    assert [one.facts["answer"] for one in beyond(held("unread", ACCOUNT))] == ["unknown"] * 3


def held_beyond(*others: Any, account: Mapping[str, Any] = KEYED, **more: Any) -> tuple[list[str], list[str]]:
    """What the writer holds that writing does not need, and what it may hold."""
    told = {**listed(*others, **{"definitions": [WRITER], **more}), Setting.ACCOUNT: account}
    facts = ask(told, Put("calls/x")).facts
    return facts["beyond"], facts["beyond_open"]


WRITES = assignment(roleDefinitionId="/x/writer")


def test_the_least_grant_holds_nothing_beyond() -> None:
    """Not on an account with folders either: access control lists give none of these rights."""
    assert held_beyond(WRITES) == ([], [])
    assert held_beyond(WRITES, account={**KEYED, "hierarchical": True}) == ([], [])


@pytest.mark.parametrize(
    ("assigned", "action"),
    [
        (held(OWNER, SUBSCRIPTION), LIST_KEYS),
        (held(OWNER, ACCOUNT), "Microsoft.Storage/storageAccounts/delete"),
        (held(OWNER, CONTAINER), "Microsoft.Authorization/roleAssignments/write"),
        (held(KEY_OPERATOR, ACCOUNT), "Microsoft.Storage/storageAccounts/regenerateKey/action"),
        (held(DATA_ACCESS, ACCOUNT), "Microsoft.Storage/storageAccounts/listAccountSas/action"),
        (assignment(name="ruler"), f"{BLOBS.removesuffix('/blobs')}/delete"),
        (held("b7e6dc6d-f1e8-4753-8033-0f276bb0955b", CONTAINER), f"{BLOBS}/tags/write"),
    ],
)
def test_what_a_wide_role_holds_beyond_is_named(assigned: dict[str, Any], action: str) -> None:
    """Each right at the scope at which it counts, beside the role that writes."""
    granted, left_open = held_beyond(WRITES, assigned)
    assert action in granted
    assert left_open == []
    assert held_beyond(WRITES, {**assigned, "properties": {**assigned["properties"], "principalId": CLIENT}})[0] == []


def test_keys_that_are_switched_off_are_nothing_to_hold() -> None:
    """What gives keys and signatures of an account that takes none opens nothing; the rest counts."""
    granted, _ = held_beyond(WRITES, held(OWNER, ACCOUNT), account={**KEYED, "shared_key": False})
    assert "Microsoft.Storage/storageAccounts/write" in granted
    assert LIST_KEYS not in granted
    assert held_beyond(WRITES, held(KEY_OPERATOR, ACCOUNT), account={**KEYED, "shared_key": False}) == ([], [])


def test_what_may_be_held_is_told_apart() -> None:
    """A role whose definition nobody read may hold anything."""
    granted, left_open = held_beyond(WRITES, held("unread", ACCOUNT))
    assert granted == []
    assert LIST_KEYS in left_open


def test_folders_make_no_difference_to_the_key() -> None:
    """Access control lists grant data, and no action on the account."""
    replies = beyond(held(OWNER, ACCOUNT), account={"hierarchical": True, "shared_key": True})
    assert [reply.facts["answer"] for reply in replies] == ["allowed"] * 3


def test_a_list_that_was_not_read() -> None:
    """Unknown, and the need says so."""
    reply = ask(FLAT)
    assert reply.facts["answer"] == "unknown"
    assert reply.facts["needs"]


def test_an_account_key_has_no_roles() -> None:
    """The older page's key is nobody that roles could be assigned to."""
    storage = AbsStorage(name="s", storage_type="abs", account_name="contoso", account_key=Secret("k", source="t"))
    assert isinstance(azure.paper(storage, lambda _: Reply()), str)
