"""The predefined roles of Cloud Storage, as Google's role data of August 2026 has them (storage permissions only)."""

from __future__ import annotations

_OBJECT_VIEW = {
    "folders.get",
    "folders.list",
    "managedFolders.get",
    "managedFolders.list",
    "objects.get",
    "objects.list",
}
_OBJECT_CREATE = {
    "folders.create",
    "managedFolders.create",
    "multipartUploads.create",
    "multipartUploads.abort",
    "multipartUploads.listParts",
    "objects.create",
    "objects.createContext",
}
_OBJECT_USE = (
    _OBJECT_VIEW
    | _OBJECT_CREATE
    | {"folders.delete", "folders.rename", "managedFolders.delete", "multipartUploads.list"}
    | {f"objects.{verb}" for verb in ("delete", "deleteContext", "move", "restore", "update", "updateContext")}
)
_OBJECT_ADMIN = _OBJECT_USE | {
    f"objects.{verb}" for verb in ("getIamPolicy", "overrideUnlockedRetention", "setIamPolicy", "setRetention")
}
_BUCKET_ADMIN = {
    f"buckets.{verb}"
    for verb in (
        "create",
        "delete",
        "get",
        "getIamPolicy",
        "getIpFilter",
        "list",
        "setIamPolicy",
        "setIpFilter",
        "update",
    )
}

_HELD = {
    "roles/storage.objectCreator": _OBJECT_CREATE,
    "roles/storage.objectViewer": _OBJECT_VIEW,
    "roles/storage.objectUser": _OBJECT_USE,
    "roles/storage.objectAdmin": _OBJECT_ADMIN,
    "roles/storage.admin": _OBJECT_ADMIN | _BUCKET_ADMIN,
    "roles/storage.bucketViewer": {"buckets.get", "buckets.list"},
    "roles/storage.legacyObjectReader": {"objects.get"},
    "roles/storage.legacyBucketReader": {
        *("buckets.get", "folders.get", "folders.list", "managedFolders.get", "managedFolders.list"),
        *("multipartUploads.list", "objects.list"),
    },
    "roles/storage.legacyBucketWriter": {
        *("buckets.get", "folders.create", "folders.delete", "folders.get", "folders.list", "folders.rename"),
        *("managedFolders.create", "managedFolders.delete", "managedFolders.get", "managedFolders.list"),
        *("multipartUploads.abort", "multipartUploads.create", "multipartUploads.list"),
        *("multipartUploads.listParts", "objects.create", "objects.createContext", "objects.delete"),
        *("objects.list", "objects.restore", "objects.setRetention"),
    },
}

# Basic roles reach objects only through the convenience members of a bucket's legacy bindings.
ROLES = {role: frozenset(f"storage.{action}" for action in actions) for role, actions in _HELD.items()}
