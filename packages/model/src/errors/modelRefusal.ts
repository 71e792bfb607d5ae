import type { FailureCode } from "./errors.ts";

/** What the refusals of an OpenAI-compatible endpoint are in our words, by HTTP status; others may pass. */
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
 * An endpoint's refusal as a code and a sentence about its words (empty where they must not be
 * told). They are told without the key, should they repeat it; what a key is refused with may hold
 * a part of it and is left out whole. `model_unavailable` stands for a refusal that may pass.
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
