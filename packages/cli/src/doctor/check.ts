import type { Config } from "../config.ts";

/** The result of a check. `advice` says what to do unless it passed. */
export type Finding = { status: "pass"; found: string } | { status: "warn" | "fail"; found: string; advice: string };

/** A check of something that has to be right with a machine. It only reads. */
export interface Check {
  name: string;
  run: (config: Config) => Finding | Promise<Finding>;
}
