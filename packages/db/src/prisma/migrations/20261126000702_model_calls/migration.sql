-- How a model was asked and what it answered with, for a step that is due to one (`ModelCall`); null where nobody was asked.
ALTER TABLE step ADD COLUMN model_call json;
