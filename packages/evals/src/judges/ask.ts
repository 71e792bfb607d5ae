/** Where a judge's model is: the names of the variables that hold its address and, if it wants one, its key. */
export interface JudgeEndpoint {
  readonly url: string;
  readonly key: string;
}

/**
 * What a model is asked, in the form of OpenAI's chat completions. `schema` is the
 * JSON Schema of its answer; `temperature` is left to the endpoint when absent.
 */
export interface JudgeQuestion {
  readonly model: string;
  readonly system: string;
  readonly user: string;
  readonly schema: Readonly<Record<string, unknown>>;
  readonly temperature?: number;
}

/** What a model answered: its text, its own name for itself, and the tokens that it reported, 0 where it reported none. */
export interface JudgeAnswer {
  readonly text: string;
  readonly model: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** Asks a model once. Throws an `AppError` where no answer is to be had: one whose code may be tried again is no fault of the question. */
export type Ask = (question: JudgeQuestion) => Promise<JudgeAnswer>;

/** Finds the model behind an endpoint. Throws `invalid_input` where its address is not set. */
export type FindAsk = (endpoint: JudgeEndpoint) => Ask;
