"""What people are told of a group of firms that ask together."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from matchmaker.notifications.kinds.kind import Kind

GROUPS: tuple[Kind, ...] = (
    Kind(
        "group.invited",
        _l("You are invited to ask together with other firms"),
        _l("An invitation: %(title)s"),
        _l("Other firms would like to ask together with you: “%(title)s”. You have 30 days."),
    ),
    Kind(
        "group.joined",
        _l("A firm joined your group"),
        _l("A firm joined: %(title)s"),
        _l("A firm joined your group “%(title)s”. See what you reach together now."),
    ),
    Kind(
        "group.left",
        _l("A firm left your group"),
        _l("A firm left: %(title)s"),
        _l("A firm left your group “%(title)s”. See what you reach together now."),
    ),
    Kind(
        "group.paused",
        _l("Your group's need is paused"),
        _l("Paused: %(title)s"),
        _l("What the firms of “%(title)s” look for has changed. See what you reach together now."),
    ),
    Kind(
        "group.yours",
        _l("You now speak for a group of firms"),
        _l("You now coordinate: %(title)s"),
        _l(
            "The group “%(title)s” is coordinated by you from now on. Telephone, e-mail and papers"
            " are yours to add: those of the firm before you are taken back."
        ),
    ),
    Kind(
        "group.papers",
        _l("Papers of your group are no longer shared"),
        _l("Papers taken back: %(title)s"),
        _l(
            "A firm left the group “%(title)s”. The papers that you shared while it was in it are"
            " taken back. Look whether they still hold, and share them again."
        ),
    ),
    Kind(
        "group.news",
        _l("There is news of your group's request"),
        _l("News of your group: %(title)s"),
        _l("There is news of the request that your group “%(title)s” has sent."),
    ),
    Kind(
        "group.ended",
        _l("Your group was given up"),
        _l("Given up: %(title)s"),
        _l("The group “%(title)s” was given up. Your own need goes on as before."),
    ),
)
