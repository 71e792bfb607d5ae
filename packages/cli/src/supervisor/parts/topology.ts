/**
 * The distribution of the agent runtime over processes: everything in one worker
 * and one gateway, or several copies of each service, worker and gateway.
 */
export type Topology = { kind: "prototype" } | { kind: "staging"; copies: number };

/** The most copies for which there are ports. */
export const COPIES_MAX = 9;
