import { z } from "zod";

/** Only variables of this form can be named, so that the author of a rule cannot have another secret sent to an address. */
const VARIABLE = (kind: "URL" | "KEY") =>
  z
    .string()
    .regex(new RegExp(`^SIGNALBOX_(LLM|JUDGE[A-Z0-9_]*)_${kind}$`), `is called SIGNALBOX_JUDGE_${kind}, or SIGNALBOX_JUDGE_…_${kind}`);

const REPEATS_MAX = 15;

/** The endpoint of a model: the names of the variables with its address and its key. */
export const ModelEndpoint = z
  .strictObject({ url: VARIABLE("URL").default("SIGNALBOX_JUDGE_URL"), key: VARIABLE("KEY").default("SIGNALBOX_JUDGE_KEY") })
  .prefault({});

/** Fields of every judge: its model, the model's endpoint, and how often it is asked (`repeats`). */
const Asked = z.strictObject({
  model: z.string().min(1).max(200),
  endpoint: ModelEndpoint,
  temperature: z.number().min(0).max(2).exactOptional(),
  repeats: z.int().min(1).max(REPEATS_MAX).default(1),
});

const Rubric = z.string().trim().min(1).max(20_000);

/**
 * A judge of one answer, which grades it by a rubric from `scale.min` to `scale.max`; from `passAt`, on the same scale, the answer passes.
 */
export const RubricJudge = Asked.extend({
  rubric: Rubric,
  scale: z.strictObject({ min: z.number(), max: z.number() }).default({ min: 0, max: 1 }),
  passAt: z.number().exactOptional(),
}).refine(({ scale, passAt = scale.min }) => scale.min < scale.max && passAt >= scale.min && passAt <= scale.max, {
  message: "`scale` goes up, and `passAt` lies on it",
});
export type RubricJudge = z.infer<typeof RubricJudge>;

/** A judge of two answers to one input, which picks the better by a rubric. It is asked in both orders each time. */
export const PairwiseJudge = Asked.extend({ rubric: Rubric });
export type PairwiseJudge = z.infer<typeof PairwiseJudge>;

const Option = z.strictObject({
  name: z.string().trim().min(1).max(80),
  means: z.string().trim().max(400).default(""),
  value: z.number().min(0).max(1),
});

/** A model that decides a question with given options: it states their probabilities, and the score is the mean of their values. */
export const DecisionJudge = Asked.extend({
  question: Rubric,
  options: z
    .array(Option)
    .min(2)
    .max(20)
    .refine((options) => new Set(options.map(({ name }) => name)).size === options.length, "an option is there twice"),
  passAt: z.number().min(0).max(1).exactOptional(),
});
export type DecisionJudge = z.infer<typeof DecisionJudge>;
