import { readFileSync } from "node:fs";
import { sha256 } from "@signalbox/model";
import { z } from "zod";
import type { ChatEndpoint, ChatRequest } from "../../chat/chatEndpoint.ts";
import { modelUseOf } from "../../chat/modelUseOf.ts";
import type { Clock } from "../../clock.ts";
import { requireDomain } from "../../domains/domains.ts";
import { type IntentClassifier, type IntentGuess, roundShare } from "./intentClassifier.ts";

/** Below this the guess is not acted on. A model's word for its certainty is not calibrated, so half is no probability. */
const CONFIDENCE_MIN = 0.5;

/** A model that tells intents apart: which one, and how freely it speaks. */
export type ModelClassifierSettings = { model: string; temperature: number | undefined };

const TEXT = readFileSync(new URL("prompts/intents@1.md", import.meta.url), "utf8");
const PROMPT = { name: "intents", version: "1", hash: sha256(TEXT).slice(0, 12) };

/** What a model says of a message. Several intents are in the order of their weight. */
const Verdict = z.object({ intents: z.array(z.string()), confidence: z.number().min(0).max(1) });

/** The first JSON object in a text: models like to put words or a fence around it. */
function jsonIn(text: string): unknown {
  const [found] = /\{[\s\S]*\}/.exec(text) ?? [];
  try {
    return found === undefined ? null : JSON.parse(found);
  } catch {
    return null;
  }
}

/** What an answer says; an answer that says nothing usable, or names an intent that is none, is an abstention without any confidence. */
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
 * Asks a language model what a message wants: one of the intents for which its domain has a plan.
 * Its confidence is what it says of itself; where it talks nonsense, the classifier abstains.
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
