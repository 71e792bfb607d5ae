-- By which version of the reckoning a look came to its verdict; of looks from before versions were kept nobody knows.
ALTER TABLE rollout_look ADD COLUMN reckoning integer CHECK (reckoning > 0);
