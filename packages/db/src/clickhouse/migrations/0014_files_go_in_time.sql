-- What clears the files of inactive parts sleeps longer the less there is to do, up to five minutes. With the eight that such parts are kept, what was erased would be on disk
-- for longer than the ten minutes that are promised.
ALTER TABLE spans MODIFY SETTING max_cleanup_delay_period = 60;
ALTER TABLE trace_keys MODIFY SETTING max_cleanup_delay_period = 60;
ALTER TABLE trace_times MODIFY SETTING max_cleanup_delay_period = 60;
ALTER TABLE trace_verdicts MODIFY SETTING max_cleanup_delay_period = 60;
ALTER TABLE erasing MODIFY SETTING max_cleanup_delay_period = 60;
ALTER TABLE decisions MODIFY SETTING max_cleanup_delay_period = 60;
ALTER TABLE scores MODIFY SETTING max_cleanup_delay_period = 60;
ALTER TABLE logs MODIFY SETTING max_cleanup_delay_period = 60;
ALTER TABLE metric_points MODIFY SETTING max_cleanup_delay_period = 60;
ALTER TABLE rejected MODIFY SETTING max_cleanup_delay_period = 60;
ALTER TABLE run_parts MODIFY SETTING max_cleanup_delay_period = 60;
ALTER TABLE workspace_objects MODIFY SETTING max_cleanup_delay_period = 60;
