/**
 * Loaded into every part before its own modules. A part ends by itself when its supervisor is gone; one that cannot yet, for its modules take their time to load, or
 * that hangs, is ended by this a moment after the others.
 */
const AFTER_MS = 4_100;

process.once("disconnect", () => {
  setTimeout(() => process.kill(process.pid, "SIGKILL"), AFTER_MS).unref();
});
