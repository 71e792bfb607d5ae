/**
 * The promised bound, in milliseconds, on redelivery after a worker dies: the first
 * of its tasks is started again within this time, where other workers have room.
 */
export const REDELIVERED_WITHIN_MS = 5_000;
