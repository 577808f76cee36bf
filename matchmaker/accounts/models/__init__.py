"""Tables of the people room."""

from matchmaker.accounts.models.account import ACTING, Account, Scope, StaffRole
from matchmaker.accounts.models.account_code import AccountCode, CodeKind
from matchmaker.accounts.models.consent import Consent, Purpose
from matchmaker.accounts.models.limit_hit import LimitHit
from matchmaker.accounts.models.sign_in import SignIn
from matchmaker.accounts.models.sign_up import SignUp

__all__ = [
    "ACTING",
    "Account",
    "AccountCode",
    "CodeKind",
    "Consent",
    "LimitHit",
    "Purpose",
    "Scope",
    "SignIn",
    "SignUp",
    "StaffRole",
]
