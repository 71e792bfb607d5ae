import type { JudgeEndpoint } from "../judges/ask.ts";

/**
 * Asks a model for the vector of a text. Throws an `AppError` where there is
 * none: `bad_answer` or a refusal blames the text, any other code the endpoint.
 */
export type Embed = (model: string, text: string) => Promise<readonly number[]>;

/** Finds the model behind an endpoint. Throws `invalid_input` where its address is not set. */
export type FindEmbed = (endpoint: JudgeEndpoint) => Embed;
