import type { Config } from "../config.ts";

/** What a check found. `advice` says what to do when it is not a pass. */
export type Finding = { status: "pass"; found: string } | { status: "warn" | "fail"; found: string; advice: string };

/** One thing that has to be right with a machine. It reads and never changes anything. */
export interface Check {
  name: string;
  run: (config: Config) => Finding | Promise<Finding>;
}
