import { AppError, type JudgeUse, type ToolRequest } from "@signalbox/model";
import { z } from "zod";
import type { FindEmbed } from "../embeddings/embed.ts";
import type { FindAsk } from "../judges/ask.ts";

/**
 * What is right about an item of a dataset, as far as scorers look at it; null stands for what nobody said.
 * `expectedState` is every document that should be changed in the end, by its name, as it should be then.
 */
export interface ScoredItem {
  readonly id: string;
  readonly input: unknown;
  readonly expectedOutput: unknown;
  readonly expectedToolCalls: readonly ToolRequest[] | null;
  readonly expectedState: Readonly<Record<string, unknown>> | null;
}

/**
 * What a target made of an item; null stands for what it did not say. `state` is every document that it changed, by its name.
 * `reward` is what somebody who saw the final state made of it already (1 or 0): the controller, of a task of the reference agent.
 * `latencyMs` is wall time from the question to the answer. `leftOut` says what of it was too much to be read: judges are told.
 */
export interface TargetAnswer {
  readonly output: unknown;
  readonly toolCalls: readonly ToolRequest[] | null;
  readonly state: Readonly<Record<string, unknown>> | null;
  readonly reward: { readonly value: 0 | 1; readonly reason: string } | null;
  readonly latencyMs: number;
  readonly costUsd: number | null;
  readonly tokens: number | null;
  readonly leftOut?: { readonly what: string; readonly bytes: number };
}

/**
 * A score of one try of an item. `value` is what is averaged: finite, higher is better. `passed` is
 * null where no line is drawn; `explanation` is a sentence, empty when nothing is amiss. `isFailure`:
 * nothing could be said, and the 0 stands for that. `judge` is what a model that judged took.
 */
export interface ItemScore {
  readonly value: number;
  readonly passed: boolean | null;
  readonly explanation: string;
  readonly isFailure?: true;
  readonly judge?: JudgeUse;
}

/** The score where nothing could be said: `reason` says why. */
export function noScore(reason: string): ItemScore {
  return { value: 0, passed: false, explanation: `no score: ${reason}`, isFailure: true };
}

/** Judges a try of an item. */
export type Score = (item: ScoredItem, answer: TargetAnswer) => ItemScore | Promise<ItemScore>;

/** What an item must have for a scorer to judge by. */
export type Need = "expectedOutput" | "expectedToolCalls" | "expectedState";

/**
 * A way to judge what a target made of an item. `make` checks its options once and gives the judge, which is pure but for
 * the model that it may ask: the same try always gets the same score. It is only shown items that have what it `needs`.
 */
export interface Scorer {
  readonly name: string;
  /** What it judges, and by which options, in one line. */
  readonly summary: string;
  readonly needs: Need | null;
  readonly options: z.ZodType;
  /**
   * Throws a `ZodError` if `options` are not its own. A scorer that asks a
   * model finds it with `findAsk`, one that wants vectors with `findEmbed`.
   */
  make(options: unknown, findAsk?: FindAsk, findEmbed?: FindEmbed): Score;
}

/** A scorer whose judge is made of options that have been read. */
export function defineScorer<Options extends z.ZodType>(definition: {
  name: string;
  summary: string;
  needs: Need | null;
  options: Options;
  make(options: z.output<Options>, findAsk: FindAsk, findEmbed: FindEmbed): Score;
}): Scorer {
  return {
    ...definition,
    make: (options, findAsk = noModel, findEmbed = noModel) => definition.make(definition.options.parse(options), findAsk, findEmbed),
  };
}

const noModel = (): never => {
  throw new AppError("invalid_input", "No model can be asked here.");
};

/** Options of a scorer that has none. */
export const NoOptions = z.strictObject({});

/** Where the line is drawn in a score from 0 to 1; without it nothing passes or fails. */
export const PassAt = z.strictObject({ passAt: z.number().min(0).max(1).optional() });

/** A score that is either whole or nothing. */
export function passOrFail(passed: boolean, explanation: string): ItemScore {
  return passed ? { value: 1, passed: true, explanation: "" } : { value: 0, passed: false, explanation };
}

/** A score from 0 to 1 in degrees. */
export function graded(value: number, passAt: number | undefined, explanation = ""): ItemScore {
  return { value, passed: passAt === undefined ? null : value >= passAt, explanation: value === 1 ? "" : explanation };
}
