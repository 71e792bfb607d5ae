import { AppError, type JudgeUse, type ToolRequest } from "@signalbox/model";
import { z } from "zod";
import type { FindEmbed } from "../embeddings/embed.ts";
import type { FindAsk } from "../judges/ask.ts";

/**
 * The expectation of a dataset's item, as far as scorers use it; null means unspecified.
 * `expectedState` maps the name of every document that should have changed to its final content.
 */
export interface ScoredItem {
  readonly id: string;
  readonly input: unknown;
  readonly expectedOutput: unknown;
  readonly expectedToolCalls: readonly ToolRequest[] | null;
  readonly expectedState: Readonly<Record<string, unknown>> | null;
}

/**
 * A target's answer to an item; null means unknown. `state` is every document that it changed, by its name. `reward` is a
 * verdict on the final state by somebody who saw it (1 or 0): the controller, for a task of the reference agent. `latencyMs`
 * is wall time from the question to the answer. `leftOut` says which part was too long to be read: judges are told.
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
 * A score of one try of an item. `value` is averaged: finite, higher is better. `passed` is null where
 * there is no threshold; `explanation` is a sentence, empty when nothing is amiss. With `isFailure`
 * there is no judgement, and the 0 stands for that. `judge` is the usage of a model that judged.
 */
export interface ItemScore {
  readonly value: number;
  readonly passed: boolean | null;
  readonly explanation: string;
  readonly isFailure?: true;
  readonly judge?: JudgeUse;
}

/** The score where there is no judgement, with the `reason`. */
export function noScore(reason: string): ItemScore {
  return { value: 0, passed: false, explanation: `no score: ${reason}`, isFailure: true };
}

/** Judges a try of an item. */
export type Score = (item: ScoredItem, answer: TargetAnswer) => ItemScore | Promise<ItemScore>;

/** A part of an item that a scorer may need. */
export type Need = "expectedOutput" | "expectedToolCalls" | "expectedState";

/**
 * A way to score a target's answer to an item. `make` validates its options once and returns the scoring function, which is pure
 * except for a model that it may ask: the same try always gets the same score. It only gets items that have what it `needs`.
 */
export interface Scorer {
  readonly name: string;
  /** A one-line description of the scorer and its options. */
  readonly summary: string;
  readonly needs: Need | null;
  readonly options: z.ZodType;
  /**
   * Throws a `ZodError` for invalid `options`. A scorer that asks a model finds it with `findAsk`, one that needs vectors with `findEmbed`.
   */
  make(options: unknown, findAsk?: FindAsk, findEmbed?: FindEmbed): Score;
}

/** Defines a scorer by a function of its parsed options. */
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

/** The options of a scorer that has none. */
export const NoOptions = z.strictObject({});

/** The threshold of a score from 0 to 1; without it nothing passes or fails. */
export const PassAt = z.strictObject({ passAt: z.number().min(0).max(1).optional() });

/** A score of 1 or 0. */
export function passOrFail(passed: boolean, explanation: string): ItemScore {
  return passed ? { value: 1, passed: true, explanation: "" } : { value: 0, passed: false, explanation };
}

/** A graded score from 0 to 1. */
export function graded(value: number, passAt: number | undefined, explanation = ""): ItemScore {
  return { value, passed: passAt === undefined ? null : value >= passAt, explanation: value === 1 ? "" : explanation };
}
