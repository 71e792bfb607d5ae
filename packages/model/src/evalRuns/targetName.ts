import type { EvalRun } from "./evalRun.ts";

/** A target as shown to people and sent elsewhere. A URL loses its user name, password and query, where keys may stand. */
export function targetName(target: string): string {
  const url = /^https?:\/\//.test(target) ? URL.parse(target) : null;
  return url === null ? target : `${url.origin}${url.pathname}${url.search === "" ? "" : "?…"}`;
}

/** A run as it is shown, with its target's display name. */
export const shownRun = (run: EvalRun): EvalRun => ({ ...run, target: targetName(run.target) });
