import { createHash } from "node:crypto";
import type { GateRun, ItemPlace } from "@signalbox/evals";
import { JUDGE_PREFIX } from "@signalbox/model";

/**
 * A run as input of a gate, with the places of its items if it is a file. `id` distinguishes it from every other: the store's id
 * (`isStored`), or the file's identity. `agent` is the agent version named in a file, null for none; `target` the run's target,
 * if that is known; `digest` covers its result lines, in the format of a result file whether or not it was read from one.
 */
export interface FoundRun {
  readonly id: string;
  readonly isStored: boolean;
  readonly agent: string | null;
  readonly target: string | null;
  readonly digest: string;
  readonly run: GateRun;
  /** The judges behind its metrics, by the name that signs their scores; a metric with several judges has none. */
  readonly judges: ReadonlyMap<string, string>;
  placeOf(item: string): ItemPlace | undefined;
}

/** A digest of result lines, to which each is added as it is read. */
export function lineDigest(): { add(line: string): void; value(): string } {
  const hash = createHash("sha256");
  return { add: (line) => hash.update(line).update("\n"), value: () => hash.digest("hex") };
}

/** Collects the judges of a run's metrics from its scores. */
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
