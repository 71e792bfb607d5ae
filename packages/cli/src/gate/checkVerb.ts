import { appendFile, writeFile } from "node:fs/promises";
import { type GateReport, type GateVerdict, judgeOffline, junitXml, markdownSummary, sarifLog } from "@signalbox/evals";
import { AppError, type OfflinePolicy, policyHash, portsAt } from "@signalbox/model";
import { EXIT, type ExitCode } from "../commandLine/exitCode.ts";
import type { Act } from "../commandLine/verb.ts";
import { loadConfig } from "../config.ts";
import { loopbackUrl } from "../supervisor/parts.ts";
import { checkDocument, checkText } from "./checkText.ts";
import { findRun } from "./findRun.ts";
import { readLabels } from "./labelFile.ts";
import { requirePolicy } from "./policyFile.ts";
import { storedCalibrations } from "./storedCalibrations.ts";

/** What `signalbox gate check` may be told. */
interface CheckFlags {
  policy: string;
  candidate: string;
  baseline?: string;
  labels?: string;
  project: string;
  junit?: string;
  summary?: string;
  sarif?: string;
  consoleUrl?: string;
}

/** The exit code of a verdict. A policy may say what an inconclusive one costs; the verdict stays what it is. */
export function exitCodeOf(verdict: GateVerdict, onInconclusive: OfflinePolicy["onInconclusive"]): ExitCode {
  if (verdict !== "inconclusive") return verdict === "pass" ? EXIT.pass : EXIT.failed;
  if (onInconclusive === undefined) return EXIT.inconclusive;
  return onInconclusive === "fail" ? EXIT.failed : EXIT.pass;
}

/** Writes a report where it was asked for. GitHub's step summary is added to: earlier commands of the step may have written there. */
async function writeReport(path: string | undefined, text: () => string, env: NodeJS.ProcessEnv): Promise<void> {
  if (path === undefined) return;
  try {
    await (path === env.GITHUB_STEP_SUMMARY ? appendFile : writeFile)(path, text());
  } catch (cause) {
    throw new AppError("infrastructure", `The file ${path} cannot be written: ${(cause as Error).message}.`, { cause });
  }
}

/** `signalbox gate check`: 0 when the gate passes, 1 when it fails, 3 when the evidence does not decide; the policy's `onInconclusive` may make that 1 or 0. */
export const check: Act<CheckFlags> = async ({ output, env, flags }) => {
  const policy = requirePolicy(flags.policy);
  const { offline, baseline } = policy.spec;
  if (offline === undefined)
    throw new AppError("invalid_input", `${flags.policy} has no spec.offline: it says nothing about eval runs.`, {
      hint: "docs/guides/gate-a-release.md shows what a policy may say.",
    });
  const config = loadConfig(env, flags);
  const place = { config, project: flags.project, offline };
  const candidate = await findRun(flags.candidate, place);
  if (candidate === null) throw new AppError("not_found", `There is no run of ${flags.candidate} to judge.`);
  const calibrations = flags.labels === undefined ? await storedCalibrations(place, candidate) : await readLabels(flags.labels);
  const before = await findRun(flags.baseline ?? baseline.ref, place, candidate);
  if (before?.id === candidate.id)
    throw new AppError("invalid_input", `${flags.candidate} is the baseline as well: a run is never worse than itself.`, {
      hint: "Name the run of what serves now: --baseline.",
    });

  const report: GateReport = {
    ...judgeOffline(offline, { ...candidate.run, calibrations }, before?.run ?? null),
    policy: { name: policy.metadata.name, hash: policyHash(policy) },
    dataset: offline.dataset,
    candidate: candidate.run.name,
    baseline: before?.run.name ?? null,
  };
  const consoleUrl = (flags.consoleUrl ?? loopbackUrl(portsAt(config.portOffset).console)).replace(/\/$/, "");
  const traceUrl = (traceId: string): string => `${consoleUrl}/traces/${encodeURIComponent(traceId)}`;
  await writeReport(flags.junit, () => junitXml(report), env);
  await writeReport(flags.summary, () => markdownSummary(report, traceUrl), env);
  await writeReport(flags.sarif, () => `${JSON.stringify(sarifLog(report, candidate.placeOf), null, 2)}\n`, env);
  output.result(checkDocument(report), () => checkText(report));
  if (report.verdict === "inconclusive" && offline.onInconclusive === "warn") output.note("Warning: the gate is inconclusive.");
  return exitCodeOf(report.verdict, offline.onInconclusive);
};
