"""What the people room does for others; each noun has its own file beside this one."""

from matchmaker.accounts.services.staff import has_demo_accounts

__all__ = ["has_demo_accounts"]
