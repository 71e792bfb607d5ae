import type { PrismaClient } from "@signalbox/db/prisma";
import { AppError, type EvalRun } from "@signalbox/model";
import type { CommandOutput } from "../../commandLine/commandOutput.ts";
import type { Exported } from "./langSmith/exportToLangSmith.ts";

/** A product to which a run can be exported. */
export type ExportTarget = "langsmith";

/** Exports a run, until `signal` ends it. */
export type ExportRun = (prisma: PrismaClient, run: EvalRun, output: CommandOutput, signal?: AbortSignal) => Promise<Exported>;

const LANGSMITH_CLOUD = "https://api.smith.langchain.com";

/** The address of LangSmith. An error about it does not repeat it: it may contain a key. */
function endpointOf(given: string | undefined): string {
  if (!given) return LANGSMITH_CLOUD;
  const url = URL.parse(given);
  if (url !== null && /^https?:$/.test(url.protocol) && url.username === "" && url.password === "") return given;
  const wrong = url?.username || url?.password ? "has a name or a password in it" : "is no http or https URL";
  throw new AppError("invalid_input", `LANGSMITH_ENDPOINT ${wrong}.`, {
    hint: `Set it as ${LANGSMITH_CLOUD} is written; the key is LANGSMITH_API_KEY.`,
  });
}

/** Opens an export to another product, with settings from the environment. Throws `invalid_input` where they are missing or invalid. */
export function openExport(_: ExportTarget, { LANGSMITH_ENDPOINT, LANGSMITH_API_KEY }: NodeJS.ProcessEnv): ExportRun {
  if (!LANGSMITH_ENDPOINT && !LANGSMITH_API_KEY)
    throw new AppError("invalid_input", "Nothing says where LangSmith is.", {
      hint: "Set LANGSMITH_API_KEY, and LANGSMITH_ENDPOINT unless it is LangSmith's own cloud.",
    });
  const url = endpointOf(LANGSMITH_ENDPOINT);
  return async (prisma, run, output, signal) => {
    // Loaded lazily: the client takes a quarter of a second.
    const [{ exportToLangSmith }, { openLangSmith }] = await Promise.all([
      import("./langSmith/exportToLangSmith.ts"),
      import("./langSmith/openLangSmith.ts"),
    ]);
    return exportToLangSmith(prisma, { client: openLangSmith(url, LANGSMITH_API_KEY, signal), url }, run, output);
  };
}

/** The result of an export, for people. */
export function exportedText({ experiment, dataset, url, tries, scores, before }: Exported): string {
  const rest = before === 0 ? "" : `, ${before} of them before`;
  return `LangSmith at ${url} has the experiment ${experiment} on its dataset ${dataset}: ${tries} runs${rest}, and ${scores} scores sent.`;
}
