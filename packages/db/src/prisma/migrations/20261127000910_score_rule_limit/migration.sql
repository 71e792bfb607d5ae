-- How many traces of a rule are scored an hour at most; null for as many as there are.
ALTER TABLE score_rule ADD COLUMN traces_per_hour_max integer CHECK (traces_per_hour_max > 0);
