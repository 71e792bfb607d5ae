/**
 * The meaning of a command's end for scripts; the same numbers for every verb. A failure has the exit code of its own code
 * (`FAILURES`): impossible requests, such as for an unknown rollout, are usage, and problems of a machine are infrastructure.
 */
export const EXIT = { pass: 0, failed: 1, usage: 2, inconclusive: 3, infrastructure: 4 } as const;

/** One of the codes in `EXIT`. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
