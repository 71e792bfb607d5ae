-- When the store took a task in, by the store's own clock: gateways' clocks may differ, and gates compare these moments. Tasks of before have none.
ALTER TABLE task ADD COLUMN admitted_at timestamptz(3);
ALTER TABLE task ALTER COLUMN admitted_at SET DEFAULT now();
