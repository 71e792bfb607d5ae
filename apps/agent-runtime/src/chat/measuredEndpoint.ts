import { AppError } from "@signalbox/model";
import { Counter, Histogram, type Registry } from "prom-client";
import type { ChatEndpoint } from "./chatEndpoint.ts";

/** Histogram buckets in seconds: answers take from a tenth of a second to minutes. */
const BUCKETS_S = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

const OTHER_MODEL = "other";

/**
 * Wraps an endpoint with metrics: answers and failures, their time, and the tokens reported. Tokens of replays are not counted. Tasks may
 * name any model: all but `usualModel` share one label, since each name would be a series for as long as the process lives.
 */
export function measuredEndpoint(endpoint: ChatEndpoint, usualModel: string | undefined, metrics: Registry): ChatEndpoint {
  const registers = [metrics];
  const seconds = new Histogram({
    name: "signalbox_model_call_seconds",
    help: "Calls of language models by outcome, with their retries, in seconds.",
    labelNames: ["model", "outcome"],
    buckets: BUCKETS_S,
    registers,
  });
  const tokens = new Counter({
    name: "signalbox_model_tokens_total",
    help: "Tokens that endpoints reported.",
    labelNames: ["model", "direction"],
    registers,
  });

  return {
    provider: endpoint.provider,
    async complete(request, onText, halt) {
      const model = request.model === usualModel ? usualModel : OTHER_MODEL;
      const stop = seconds.startTimer({ model });
      try {
        const completion = await endpoint.complete(request, onText, halt);
        const { answer, isReplayed } = completion;
        stop({ outcome: isReplayed ? "replayed" : "answered" });
        if (answer.usage !== null && !isReplayed) {
          tokens.inc({ model, direction: "input" }, answer.usage.inputTokens);
          tokens.inc({ model, direction: "output" }, answer.usage.outputTokens);
        }
        return completion;
      } catch (error) {
        stop({ outcome: error instanceof AppError ? error.code : "failed" });
        throw error;
      }
    },
  };
}
