"""The rights on a bucket by Google's own names: what writing needs, what comes with it, and what nobody needs for it.

Sources: Cloud Storage JSON API, "Buckets: testIamPermissions"; IAM, "Cloud Storage roles and permissions".
"""

from __future__ import annotations

CREATE = "storage.objects.create"  # all that writing needs
FOR_FOLDERS = ("storage.folders.create",)  # and in a bucket with a hierarchical namespace, for a new folder
ACCOMPANYING = (  # what the recommended role holds beside it, and which changes nothing that is there
    *FOR_FOLDERS,
    "storage.managedFolders.create",
    "storage.multipartUploads.create",
    "storage.multipartUploads.abort",
    "storage.multipartUploads.listParts",
)
READS, DELETES, LISTS = "storage.objects.get", "storage.objects.delete", "storage.objects.list"
DOCUMENTED = (
    CREATE,
    DELETES,
    READS,
    LISTS,
    "storage.objects.update",
    "storage.objects.getIamPolicy",
    "storage.objects.setIamPolicy",
    "storage.buckets.get",
    "storage.buckets.update",
    "storage.buckets.delete",
    "storage.buckets.getIamPolicy",
    "storage.buckets.setIamPolicy",
)
FURTHER = (
    "storage.buckets.setIpFilter",
    "storage.folders.delete",
    "storage.folders.rename",
    "storage.managedFolders.delete",
    "storage.managedFolders.setIamPolicy",
    "storage.objects.overrideUnlockedRetention",
    "storage.objects.restore",
    "storage.objects.setRetention",
)
QUESTION = (DOCUMENTED, ACCOMPANYING, FURTHER)
"""What `testIamPermissions` is asked, the surest names first: it refuses a whole question for one it does not take."""
