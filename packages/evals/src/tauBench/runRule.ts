/** The actions of an agent in a finished task. `finalState` is every document that it changed, by table and key, as canonical text. */
export interface FinishedRun {
  readonly ended: boolean;
  readonly steps: number;
  readonly answers: readonly string[];
  readonly finalState: Readonly<Record<string, string>>;
}

/** The expectation of a run. `finalState` is what the expected actions change on a pristine world. */
export interface ExpectedRun {
  readonly outputs: readonly string[];
  readonly endsWithin: number;
  readonly finalState: Readonly<Record<string, string>>;
}

/** A rule's judgement; `reason` says in one sentence what is missing or different, and is empty when nothing is. */
export interface Judgement {
  readonly passed: boolean;
  readonly reason: string;
}

/** Judges one side of a finished run. Pure: the same run always gets the same judgement. */
export interface RunRule {
  readonly name: string;
  score(run: FinishedRun, expected: ExpectedRun): Judgement;
}

export const PASSED: Judgement = { passed: true, reason: "" };
