"""How both operator commands speak: errors, exit codes, tables, completion. Not shipped."""
