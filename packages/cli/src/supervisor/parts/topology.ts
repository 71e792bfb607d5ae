/**
 * How the agent runtime is spread over processes: everything in a worker
 * and a gateway, or several copies of each service, worker and gateway.
 */
export type Topology = { kind: "prototype" } | { kind: "staging"; copies: number };

/** The most copies there are ports for. */
export const COPIES_MAX = 9;
