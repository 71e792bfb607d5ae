import { readFileSync } from "node:fs";
import { parsedJson, sha256 } from "@signalbox/model";
import { z } from "zod";
import type { ChatEndpoint, ChatRequest } from "../../chat/chatEndpoint.ts";
import { modelUseOf } from "../../chat/modelUseOf.ts";
import type { Clock } from "../../clock.ts";
import { requireDomain } from "../../domains/domains.ts";
import { type IntentClassifier, type IntentGuess, roundShare } from "./intentClassifier.ts";

/** The classifier abstains below this. A model's stated confidence is not calibrated, so one half is not a probability. */
const CONFIDENCE_MIN = 0.5;

/** The model that classifies intents, and its temperature. */
export type ModelClassifierSettings = { model: string; temperature: number | undefined };

const TEXT = readFileSync(new URL("prompts/intents@1.md", import.meta.url), "utf8");
const PROMPT = { name: "intents", version: "1", hash: sha256(TEXT).slice(0, 12) };

/** A model's verdict on a message; several intents are in order of weight. */
const Verdict = z.object({ intents: z.array(z.string()), confidence: z.number().min(0).max(1) });

/** The first JSON object in a text: models tend to put words or a fence around it. */
function jsonIn(text: string): unknown {
  const [found] = /\{[\s\S]*\}/.exec(text) ?? [];
  return found === undefined ? undefined : parsedJson(found);
}

/** The guess in a model's answer. An unusable answer, or one that names an unknown intent, is an abstention with confidence 0. */
function readVerdict(text: string, intents: readonly string[]): IntentGuess {
  const verdict = Verdict.safeParse(jsonIn(text));
  const [intent, ...alsoWants] = verdict.data?.intents ?? [];
  const isKnown = intent !== undefined && [intent, ...alsoWants].every((name) => intents.includes(name));
  if (!verdict.success || !isKnown) return { intent: "unknown", confidence: 0, abstained: true, basis: "stated" };
  const { confidence } = verdict.data;
  return {
    intent,
    confidence: roundShare(confidence),
    abstained: confidence < CONFIDENCE_MIN,
    basis: "stated",
    ...(alsoWants.length === 0 ? {} : { alsoWants }),
  };
}

/**
 * A classifier that asks a language model which of the domain's intents a message has. Confidence is the model's own statement; on a
 * nonsensical answer the classifier abstains.
 */
export function openModelClassifier(endpoint: ChatEndpoint, settings: ModelClassifierSettings, clock: Clock): IntentClassifier {
  const { model, temperature } = settings;
  return {
    async classify({ domain, message }, halt) {
      const intents = Object.keys(requireDomain(domain).plans);
      const system = `${TEXT}\nThe intents:\n${intents.map((intent) => `- ${intent}`).join("\n")}\n`;
      const request: ChatRequest = {
        model,
        messages: [
          { role: "system", content: system },
          { role: "user", content: message },
        ],
        ...(temperature === undefined ? {} : { temperature }),
      };
      const completion = await endpoint.complete(request, undefined, halt);
      const modelUse = modelUseOf(endpoint, request, completion, PROMPT, clock.nowUs() / 1_000);
      return { ...readVerdict(completion.answer.content, intents), modelUse };
    },
  };
}
