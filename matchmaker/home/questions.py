"""Questions that people ask often, and the answers."""

from flask_babel import lazy_gettext as _l

ANSWERED = (
    (
        _l("What do the points mean?"),
        _l(
            "They say how well two sides fit on paper, for you and for them. Both must be good for "
            "the points to be high. They are not a chance of getting the money."
        ),
    ),
    (
        _l("Who can see my firm's name?"),
        _l(
            "Only organisations to whom you said yes, unless you ticked that your name may be "
            "shown. Amounts are shown as bands."
        ),
    ),
    (
        _l("Nobody answers. What now?"),
        _l(
            "A request runs out after 21 days and both sides are reminded before. Somebody of the "
            "programme sees requests that wait and can help."
        ),
    ),
    (
        _l("Does it cost anything?"),
        _l("No. If anybody asks you for a fee to be shown or introduced, tell us here."),
    ),
    (
        _l("I have no e-mail address."),
        _l(
            "Sign up with your telephone number or a user name. If you forget your password, an "
            "adviser can give you a printed code."
        ),
    ),
)
