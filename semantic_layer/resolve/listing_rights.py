"""Who may list single entities, and which of their fields are shown masked."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from semantic_layer.model import Dimension, Manifest
from semantic_layer.principal import Principal
from semantic_layer.problem import Problem
from semantic_layer.resolve.refused import RefusedError
from semantic_layer.resolve.rights import Rights, rights_of

MAY_LIST = ("masked", "full")


class ListingRights(NamedTuple):
    """The rows that may be listed, and whether private fields are plain."""

    rights: Rights
    plain: bool

    def is_masked(self, dimension: Dimension) -> bool:
        """Whether the field is shown masked."""
        columns = {f"{home}.{dimension.name}" for home in (dimension.home, *dimension.carriers)}
        return not columns.isdisjoint(self.rights.masked) or (
            dimension.field.sensitivity == "pii" and not self.plain
        )


def listing_rights(manifest: Manifest, principal: Principal) -> ListingRights:
    """Only the rows of roles that may list; plain only when all of these roles say so."""
    rights = rights_of(manifest, principal)
    if not manifest.policies:
        return ListingRights(rights, plain=False)
    levels = {role: _level(manifest, role) for role in dict.fromkeys(principal.roles)}
    listing = tuple(role for role, level in levels.items() if level in MAY_LIST)
    if not listing:
        message = "按您的权限不能看名单;可以看人数、机构分布和资产分层等汇总。"
        raise RefusedError(Problem("permission", message))
    rights = rights_of(manifest, replace(principal, roles=listing))
    return ListingRights(rights, plain=all(levels[role] == "full" for role in listing))


def _level(manifest: Manifest, role: str) -> str:
    """What the role's policies say; the strictest where they differ."""
    said = [policy.lists for policy in manifest.policies if policy.role == role]
    return next((level for level in ("none", "masked", "full") if level in said), "none")
