import type { FailureCode } from "./errors.ts";

/** Our failure codes for the refusals of an OpenAI-compatible endpoint, by HTTP status; any other status may pass. */
const REFUSALS: Readonly<Record<number, FailureCode>> = {
  400: "invalid_input",
  401: "unauthenticated",
  403: "forbidden",
  404: "not_found",
  413: "too_large",
  422: "invalid_input",
};

const WORDS_MAX = 300;

/**
 * An endpoint's refusal as a failure code and a sentence that quotes its words (empty where they must not be
 * shown). The API key is removed from them, should the endpoint repeat it; the answer to a refused key may
 * hold a part of that key and is left out whole. `model_unavailable` stands for a refusal that may pass.
 */
export function modelRefusal(
  { status, message }: { readonly status: number | undefined; readonly message: string },
  key: string | undefined,
): { code: FailureCode; words: string } {
  const code = (status === undefined ? undefined : REFUSALS[status]) ?? "model_unavailable";
  if (code === "unauthenticated" || code === "forbidden") return { code, words: "" };
  const words = key === undefined || key === "" ? message : message.replaceAll(key, "[key]");
  return { code, words: ` It says: ${words.slice(0, WORDS_MAX)}` };
}
