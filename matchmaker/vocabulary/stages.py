"""Stages of a business, from the first sale on."""

from matchmaker.vocabulary.codes import CodeList

STAGES = CodeList("stage", "stages", ordered=True)
