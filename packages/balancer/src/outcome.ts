/** How a call to an endpoint ended. `gone`: nobody is there; `given up`: its caller wants no answer any more. */
export type Outcome = "worked" | "overloaded" | "failed" | "timed out" | "gone" | "given up";

/**
 * Whether somebody is at an endpoint: any answer shows it, of whatever
 * status; `gone` when nobody is there, `silent` when whoever is says nothing.
 */
export type Probed = "answered" | "silent" | "gone";
