import type { EvalRun } from "./evalRun.ts";

/** A target as it is named to people and sent elsewhere: of a URL neither a name, a password nor a query, where keys may stand. */
export function targetName(target: string): string {
  const url = /^https?:\/\//.test(target) ? URL.parse(target) : null;
  return url === null ? target : `${url.origin}${url.pathname}${url.search === "" ? "" : "?…"}`;
}

/** A run as it is shown: its target by name. */
export const shownRun = (run: EvalRun): EvalRun => ({ ...run, target: targetName(run.target) });
