"""The matching core: values in, values out. No web, no database, no clock."""
