import { AppError, type FailureCode, parsedJson } from "@signalbox/model";
import { z } from "zod";
import { type Patience, withRetries } from "./withRetries.ts";

/** The time limit of one answer. */
const ANSWER_MS_MAX = 15_000;

/** Statuses that refuse the caller, whatever the request. */
const REFUSALS = new Map<number, FailureCode>([
  [401, "unauthenticated"],
  [403, "forbidden"],
]);

/** The part of an error answer that is shown to the reader. */
const ErrorAnswer = z.object({ error: z.object({ message: z.string(), hint: z.string().optional() }) });

/** A request, and the parser of its answer. */
export interface ServiceRequest<T> {
  method: "GET" | "POST";
  path: string;
  body?: unknown;
  answer: z.ZodType<T>;
}

/** Calls a part that may be restarting: "not now" (429 and 5xx) and missing answers are retried. Every request must be safe to repeat. */
export class ServiceClient {
  readonly #name: string;
  readonly #url: string;
  readonly #patience: Patience;
  readonly #key: string | (() => Promise<string>) | undefined;

  /** `key` is sent to the part whether or not it requires one; a short-lived one is requested anew each time. */
  constructor(name: string, url: string, patience: Patience, key?: string | (() => Promise<string>)) {
    this.#name = name;
    this.#url = url;
    this.#patience = patience;
    this.#key = key;
  }

  /**
   * The answer. Throws with the part's own words: `unauthenticated` or `forbidden` when it does not let us
   * in, `invalid_input` when it refuses the request; and `upstream_unavailable` when patience is exhausted.
   */
  async request<T>(request: ServiceRequest<T>): Promise<T> {
    return withRetries(this.#name, this.#patience, () => this.#ask(request));
  }

  async #ask<T>({ method, path, body, answer }: ServiceRequest<T>): Promise<T> {
    const key = typeof this.#key === "function" ? await this.#key() : this.#key;
    const response = await fetch(new URL(path, this.#url), {
      method,
      signal: AbortSignal.any([this.#patience.signal, AbortSignal.timeout(ANSWER_MS_MAX)]),
      headers: {
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (response.ok) return answer.parse(JSON.parse(text));

    const told = ErrorAnswer.safeParse(parsedJson(text)).data?.error;
    const why = told?.message ?? `it answered ${response.status}.`;
    if (response.status === 429 || response.status >= 500) throw new AppError("overloaded", why);
    throw new AppError(
      REFUSALS.get(response.status) ?? "invalid_input",
      `The ${this.#name} refused a request: ${why}`,
      told?.hint === undefined ? {} : { hint: told.hint },
    );
  }
}
