/** What a command's end means to the script that called it; the same numbers for every verb. */
export const EXIT = { pass: 0, failed: 1, usage: 2, inconclusive: 3, infrastructure: 4 } as const;

/** A number out of `EXIT`. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
