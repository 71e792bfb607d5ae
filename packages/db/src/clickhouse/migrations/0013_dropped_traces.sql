-- What leads to traces that are not kept leaves these tables with the next merge of their parts: a part counts as large as what is left of it.
ALTER TABLE trace_times MODIFY SETTING exclude_deleted_rows_for_part_size_in_merge = 1;
ALTER TABLE trace_keys MODIFY SETTING exclude_deleted_rows_for_part_size_in_merge = 1;
