/**
 * What is promised of a worker that dies: the first of the tasks that it had in
 * hand is started again within so long, where others have room. Milliseconds.
 */
export const REDELIVERED_WITHIN_MS = 5_000;
