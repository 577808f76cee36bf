"""Text in seven languages: clean forms, words, keys, numbers, concepts, masking. Pure."""
