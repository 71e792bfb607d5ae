import type { Passage } from "@signalbox/model";
import { call, farewell, handOver, type Plan } from "../../plan.ts";
import { readArticle } from "./outputs.ts";

/**
 * Answers a question from the bank's own articles, or else from the passages of documents about the message; a question that neither
 * answers goes to a person.
 */
export function* answerFromArticle(topic: string, [passage]: readonly Passage[]): Plan {
  const article = readArticle(yield call("get_article", { topic }, "The question needs nobody's data."));
  if (article === null && passage !== undefined)
    return farewell(
      `This is what our documents say (${passage.title}): ${passage.text}`,
      `No article answers it; ${passage.document} is the nearest document.`,
    );
  if (article === null) return yield* handOver(`A question about ${topic.replaceAll("_", " ")}.`, "No article answers it.");
  return farewell(article.text, "The article answers it.");
}
