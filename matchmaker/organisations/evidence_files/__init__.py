"""Files that show evidence: taken apart and written anew, kept in a folder, sent to readers."""
