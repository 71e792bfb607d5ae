/** Without keys the listeners on loopback take data for this project. */
export const KEYLESS_PROJECT = "default";
