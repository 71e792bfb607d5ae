import type { OfflineVerdict } from "../judgeOffline.ts";

/** An offline verdict with what it was given: what every form of it is made of. `policy` is its name and hash; `runs` by name, the baseline null where there is none. */
export interface GateReport extends OfflineVerdict {
  readonly policy: { readonly name: string; readonly hash: string };
  readonly dataset: string;
  readonly candidate: string;
  readonly baseline: string | null;
}
