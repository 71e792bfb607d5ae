/** The endpoint of a judge's model: the environment variables with its address and, if it needs one, its key. */
export interface JudgeEndpoint {
  readonly url: string;
  readonly key: string;
}

/**
 * A question to a model, in the form of OpenAI's chat completions. `schema` is
 * the JSON Schema of the answer; the endpoint chooses an absent `temperature`.
 */
export interface JudgeQuestion {
  readonly model: string;
  readonly system: string;
  readonly user: string;
  readonly schema: Readonly<Record<string, unknown>>;
  readonly temperature?: number;
}

/** A model's answer: its text, its own name for itself, and the reported tokens, 0 where it reported none. */
export interface JudgeAnswer {
  readonly text: string;
  readonly model: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** Asks a model once. Throws an `AppError` where there is no answer: a retryable code does not blame the question. */
export type Ask = (question: JudgeQuestion) => Promise<JudgeAnswer>;

/** Finds the model behind an endpoint. Throws `invalid_input` where its address is not set. */
export type FindAsk = (endpoint: JudgeEndpoint) => Ask;
