/**
 * What a command's end means to the script that called it; the same numbers for every verb. A
 * failure's is that of its code (`FAILURES`): what cannot be as it was asked for, such as a
 * rollout that is not there, is usage, and what a machine has to be mended for is infrastructure.
 */
export const EXIT = { pass: 0, failed: 1, usage: 2, inconclusive: 3, infrastructure: 4 } as const;

/** A number out of `EXIT`. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
