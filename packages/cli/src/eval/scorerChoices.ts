import { judgeChoice } from "@signalbox/evals";
import { AppError, ScorerChoice } from "@signalbox/model";
import { placedText, readPlacedYaml } from "@signalbox/model/placedYaml";
import { z } from "zod";
import { readTextFile } from "../commandLine/textFile.ts";

const JUDGE_FILE = /^judge:(?!\s*\{)(?<path>.+)$/;

/** A judge from its file, in YAML or JSON. */
function readJudge(path: string): ScorerChoice {
  const { value, unreadable } = readPlacedYaml(readTextFile(path));
  if (unreadable !== undefined) throw new AppError("invalid_input", placedText(path, unreadable));
  return judgeChoice(value);
}

/**
 * Parses a scorer: `exact`, `numeric:{"tolerance":0.5}`, or a judge by its
 * file, `judge:helpful.yaml`; `"as"` among the options gives it another name.
 */
function readOne(text: string): ScorerChoice {
  const path = JUDGE_FILE.exec(text)?.groups?.path;
  if (path !== undefined) return readJudge(path);
  const colon = text.indexOf(":");
  if (colon === -1) return ScorerChoice.parse({ name: text });
  const [name, json] = [text.slice(0, colon), text.slice(colon + 1)];
  try {
    const { as, ...options } = z.looseObject({ as: z.string().optional() }).parse(JSON.parse(json));
    return ScorerChoice.parse({ name, options, ...(as === undefined ? {} : { as }) });
  } catch (cause) {
    throw new AppError("invalid_input", `The options of the scorer ${name} are no JSON object: ${json}`, {
      cause,
      hint: `Write 'numeric:{"tolerance":0.5}', in single quotes.`,
    });
  }
}

/** Parses scorers as requested. Names without options may be listed in one text, separated by commas. Throws `invalid_input`. */
export function scorerChoices(texts: readonly string[]): ScorerChoice[] {
  return texts.flatMap((text) => (text.includes(":") ? [text] : text.split(",").filter(Boolean))).map(readOne);
}
