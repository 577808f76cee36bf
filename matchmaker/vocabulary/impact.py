"""Impact aims: Sustainable Development Goals, IRIS+ metrics, dimensions of the 2X criteria."""

from matchmaker.vocabulary.codes import CodeList

SDG = CodeList("sdg", "sdg")
IRIS = CodeList("iris", "iris")
TWO_X = CodeList("2x", "two_x")
