-- A part of an insert is one file of columns instead of some 150 files that are each written and synced; what it is merged into has a file
-- per column again. Measured: docs/adr/005-columns-from-wire-bytes.md.
ALTER TABLE spans MODIFY SETTING min_bytes_for_wide_part = 134217728;
