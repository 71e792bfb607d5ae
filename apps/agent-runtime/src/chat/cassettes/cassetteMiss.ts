import { AppError } from "@signalbox/model";
import { type ChatRequest, requestHash } from "../chatEndpoint.ts";
import type { NamedCassette } from "./cassetteFolder.ts";
import { type Difference, differencesOf } from "./differences.ts";

const DIFFERENCES_SHOWN_MAX = 3;
const VALUE_CHARACTERS_MAX = 80;

function show(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value);
  return text.length <= VALUE_CHARACTERS_MAX ? text : `${text.slice(0, VALUE_CHARACTERS_MAX)}…`;
}

/** A difference as text: `messages[2].content is "b" and was "a"`. Two long texts are quoted from shortly before the first difference. */
function tell({ path, asked, recorded }: Difference): string {
  let [ours, theirs] = [asked, recorded];
  if (typeof asked === "string" && typeof recorded === "string") {
    let same = 0;
    while (same < asked.length && asked[same] === recorded[same]) same += 1;
    const from = Math.max(0, same - 20);
    [ours, theirs] = [asked.slice(from), recorded.slice(from)];
  }
  return `${path.replace(/^\./, "")} is ${show(ours)} and was ${show(theirs)}`;
}

function tellAll(differences: readonly Difference[]): string {
  const shown = differences.slice(0, DIFFERENCES_SHOWN_MAX).map(tell).join("; ");
  const rest = differences.length - DIFFERENCES_SHOWN_MAX;
  return rest > 0 ? `${shown}; and ${rest} more` : shown;
}

/** The error for a request without a recording: it names the most similar recording and where the two differ. */
export function cassetteMiss(request: ChatRequest, cassettes: readonly NamedCassette[]): AppError {
  const compared = cassettes.map(({ hash, cassette }) => ({ hash, differences: differencesOf(request, cassette.request) }));
  const [nearest] = compared.sort((a, b) => a.differences.length - b.differences.length);
  const miss = `No cassette holds the request ${requestHash(request).slice(0, 12)}.`;
  const hint = "Record it with SIGNALBOX_LLM_CASSETTES=record, or find out why it has changed.";
  if (nearest === undefined) return new AppError("not_found", `${miss} There are no cassettes at all.`, { hint });
  const { hash, differences } = nearest;
  return new AppError("not_found", `${miss} The nearest is ${hash.slice(0, 12)}, where ${tellAll(differences)}.`, { hint });
}
