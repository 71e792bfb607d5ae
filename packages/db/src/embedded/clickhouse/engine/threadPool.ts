import { READS_MAX, WRITES_MAX } from "./engineSettings.ts";

/**
 * Every running statement occupies a thread of libuv's pool for its whole duration; files and
 * compression need some besides. Must be imported first: the pool's size is read at its first use.
 */
process.env.UV_THREADPOOL_SIZE = String(READS_MAX + WRITES_MAX + 8);
