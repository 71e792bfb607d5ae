-- A merge waits for twice as many parts of its size as it does by default (5), so that a span is written anew half as often while many come in.
-- Once nothing comes in, parts are merged as before: the engine lowers the bar with their age. Measured: docs/adr/007-one-row-per-span-and-sums-computed-whole.md.
ALTER TABLE spans MODIFY SETTING merge_selector_base = 10;
