/** How a call to an endpoint ended. `gone`: nobody is there; `given up`: its caller no longer wants an answer. */
export type Outcome = "worked" | "overloaded" | "failed" | "timed out" | "gone" | "given up";

/**
 * The result of a liveness probe: any answer, of whatever status, shows
 * life; `gone` when nobody is there, `silent` when there is no answer.
 */
export type Probed = "answered" | "silent" | "gone";
