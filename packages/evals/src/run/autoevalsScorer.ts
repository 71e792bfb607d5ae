import { errorMessage } from "@signalbox/model";
import { noScore } from "../scorers/scorer.ts";
import type { OwnScorer } from "./evaluate.ts";

/** The result of a scorer of the package `autoevals`: a `score` from 0 to 1, null where it could not tell. */
interface AutoevalsScore {
  readonly score: number | null;
  readonly error?: unknown;
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
}

const REASON_CHARACTERS = 300;

const wordsOf = (error: unknown): string => errorMessage(error).slice(0, REASON_CHARACTERS);

/** A scorer of `autoevals`, or of any library with the same interface. */
type Autoevals<More> = (args: { input?: unknown; output: never; expected?: never } & More) => AutoevalsScore | Promise<AutoevalsScore>;

/**
 * Wraps a scorer of `autoevals` for `evaluate`: `autoevalsScorer("factuality", Factuality, { model:
 * "gpt-4.1-mini" })`. It gets an item's input and expected output and the answer's output, plus `more`;
 * from `passAt` the answer passes. Where it throws or cannot tell, there is no score, with the reason.
 */
export function autoevalsScorer<More extends object>(
  name: string,
  scorer: Autoevals<More>,
  more: More = {} as More,
  { passAt }: { passAt?: number } = {},
): OwnScorer {
  const asked = scorer as (args: object) => AutoevalsScore | Promise<AutoevalsScore>;
  return {
    name,
    async score({ input, expectedOutput }, { output }) {
      try {
        const { score, error, metadata } = await asked({ ...more, input, output, expected: expectedOutput ?? undefined });
        if (score === null || error !== undefined) return noScore(error === undefined ? "it could not tell" : wordsOf(error));
        const rationale = metadata?.rationale;
        return {
          value: score,
          passed: passAt === undefined ? null : score >= passAt,
          explanation: typeof rationale === "string" ? rationale : "",
        };
      } catch (error) {
        return noScore(wordsOf(error));
      }
    },
  };
}
