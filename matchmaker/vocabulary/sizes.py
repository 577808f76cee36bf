"""Size classes of firms."""

from matchmaker.vocabulary.codes import CodeList

SIZES = CodeList("size", "sizes", ordered=True)
