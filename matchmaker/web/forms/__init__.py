"""The base of every form and the fields that know our vocabulary, numbers and scripts."""

from matchmaker.web.forms.base import Form
from matchmaker.web.forms.codes import CodeField, CodesField
from matchmaker.web.forms.dates import DateField, MomentField
from matchmaker.web.forms.numbers import MoneyField, NumberField
from matchmaker.web.forms.text import BooleanField, LongTextField, TextField
from matchmaker.web.forms.zawgyi import ZawgyiForm

__all__ = [
    "BooleanField",
    "CodeField",
    "CodesField",
    "DateField",
    "Form",
    "LongTextField",
    "MomentField",
    "MoneyField",
    "NumberField",
    "TextField",
    "ZawgyiForm",
]
