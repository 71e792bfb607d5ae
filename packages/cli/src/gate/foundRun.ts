import { createHash } from "node:crypto";
import type { GateRun, ItemPlace } from "@signalbox/evals";
import { JUDGE_PREFIX } from "@signalbox/model";

/**
 * A run as a gate takes it, and where its items stand if they stand in a file. `id` tells it from every other: that of the store
 * (`isStored`), or which file it is. `agent` is the version of the agent that a file says it is of, null for what is none;
 * `target` what was asked, if that is known; `digest` is of its lines, those of a result file whether it was read from one or not.
 */
export interface FoundRun {
  readonly id: string;
  readonly isStored: boolean;
  readonly agent: string | null;
  readonly target: string | null;
  readonly digest: string;
  readonly run: GateRun;
  /** The judges behind its metrics, as their scores are signed; a metric that several judged has none. */
  readonly judges: ReadonlyMap<string, string>;
  placeOf(item: string): ItemPlace | undefined;
}

/** A digest of result lines, each added as it is read. */
export function lineDigest(): { add(line: string): void; value(): string } {
  const hash = createHash("sha256");
  return { add: (line) => hash.update(line).update("\n"), value: () => hash.digest("hex") };
}

/** The judges of a run's metrics, gathered from its scores. */
export function judgeLog(): {
  add(scores: readonly { readonly name: string; readonly judge?: { readonly id: string } | undefined }[]): void;
  value(): ReadonlyMap<string, string>;
} {
  const found = new Map<string, Set<string>>();
  return {
    add: (scores) => {
      for (const { name, judge } of scores)
        if (judge !== undefined) found.set(name, (found.get(name) ?? new Set()).add(JUDGE_PREFIX + judge.id));
    },
    value: () =>
      new Map([...found].flatMap(([name, [judge, ...others]]) => (judge === undefined || others.length > 0 ? [] : [[name, judge]]))),
  };
}
