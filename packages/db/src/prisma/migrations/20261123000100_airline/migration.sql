CREATE TABLE airline_world (
    name text PRIMARY KEY,
    digest text NOT NULL
);

-- Documents are json, not jsonb: the order of their keys is part of the data.
CREATE TABLE airline_flight (
    world text NOT NULL,
    overlay text NOT NULL,
    id text NOT NULL,
    position integer NOT NULL,
    origin text NOT NULL,
    destination text NOT NULL,
    document json NOT NULL,
    PRIMARY KEY (world, overlay, id)
);
CREATE INDEX airline_flight_origin ON airline_flight (world, origin);
CREATE INDEX airline_flight_destination ON airline_flight (world, destination);

CREATE TABLE airline_reservation (
    world text NOT NULL,
    overlay text NOT NULL,
    id text NOT NULL,
    document json NOT NULL,
    PRIMARY KEY (world, overlay, id)
);

CREATE TABLE airline_user (
    world text NOT NULL,
    overlay text NOT NULL,
    id text NOT NULL,
    document json NOT NULL,
    PRIMARY KEY (world, overlay, id)
);

CREATE TABLE tool_effect (
    world text NOT NULL,
    overlay text NOT NULL,
    idempotency_key text NOT NULL,
    call json NOT NULL,
    answer json NOT NULL,
    PRIMARY KEY (world, overlay, idempotency_key)
);
