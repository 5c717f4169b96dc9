"""What the wheel carries beside the code: the newest release that was cut, and the registry of all of them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Releases(BuildHookInterface):  # type: ignore[type-arg]
    """Puts releases/ into the wheel as the loaders expect it. An editable install reads the checkout's own."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called before the wheel is built; `version` is "standard" or "editable"."""
        if version == "editable":
            return
        root = Path(self.root)
        sys.path.insert(0, str(root / "src"))
        from standoff.loaders import store

        releases = root / "releases"
        cut = [each for each in store.versions_in(releases) if each.cut]
        if not cut:
            self.app.display_warning("there is no release in releases/: this wheel will carry no data")
            return
        carried = {f"v{cut[-1]}": f"standoff/releases/v{cut[-1]}"}
        if (releases / store.SUMS).is_file():
            carried[store.SUMS] = f"standoff/releases/{store.SUMS}"
        build_data["force_include"] |= {str(releases / name): place for name, place in carried.items()}
