from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from tests.contacts.scene import Scene, make_scene


@pytest.fixture
def scene(db_session: Session) -> Scene:
    return make_scene(db_session)
