import { appendFile, writeFile } from "node:fs/promises";
import { type GateReport, type GateVerdict, judgeOffline, junitXml, markdownSummary, sarifLog } from "@signalbox/evals";
import { AppError, type OfflinePolicy, policyHash, portsAt } from "@signalbox/model";
import type { CommandOutput } from "../../commandLine/commandOutput.ts";
import { EXIT, type ExitCode } from "../../commandLine/exitCode.ts";
import type { Act } from "../../commandLine/verb.ts";
import { type Config, loadConfig } from "../../config.ts";
import { openStateStore } from "../../projects/stateStore.ts";
import { loopbackUrl } from "../../supervisor/parts/parts.ts";
import { checkDocument, checkText } from "../check/checkText.ts";
import { judgedMetrics } from "../check/judgedMetrics.ts";
import { type Checked, keepCheck } from "../check/keepCheck.ts";
import { requirePolicy } from "../policyFile.ts";
import { findRun, hasStore } from "../runs/findRun.ts";
import type { FoundRun } from "../runs/foundRun.ts";
import { readLabels } from "../runs/labelFile.ts";
import { recordOf } from "../runs/replayedRun.ts";
import { calibrationsOf, storedRecords } from "../runs/storedCalibrations.ts";

/** The flags of `signalbox gate check`. */
interface CheckFlags {
  policy: string;
  candidate: string;
  baseline?: string;
  labels?: string;
  project: string;
  junit?: string;
  summary?: string;
  sarif?: string;
  commit?: string;
  consoleUrl?: string;
  store?: boolean;
}

/** The exit code of a verdict. A policy may choose that of an inconclusive one, which does not change the verdict. */
export function exitCodeOf(verdict: GateVerdict, onInconclusive: OfflinePolicy["onInconclusive"]): ExitCode {
  if (verdict !== "inconclusive") return verdict === "pass" ? EXIT.pass : EXIT.failed;
  if (onInconclusive === undefined) return EXIT.inconclusive;
  return onInconclusive === "fail" ? EXIT.failed : EXIT.pass;
}

/** Writes a report to the requested path. GitHub's step summary is appended to: earlier commands of the step may have written there. */
async function writeReport(path: string | undefined, text: () => string, env: NodeJS.ProcessEnv): Promise<void> {
  if (path === undefined) return;
  try {
    await (path === env.GITHUB_STEP_SUMMARY ? appendFile : writeFile)(path, text());
  } catch (cause) {
    throw new AppError("infrastructure", `The file ${path} cannot be written: ${(cause as Error).message}.`, { cause });
  }
}

/**
 * `signalbox gate check`: 0 when the gate passes, 1 when it fails, 3 when the
 * evidence is inconclusive; the policy's `onInconclusive` may make that 1 or 0.
 */
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
  const before = await findRun(flags.baseline ?? recordOf(flags.candidate) ?? baseline.ref, place, candidate);
  if (before?.id === candidate.id)
    throw new AppError("invalid_input", `${flags.candidate} is the baseline as well: a run is never worse than itself.`, {
      hint: "Name the run of what serves now: --baseline.",
    });
  const runs: [FoundRun, ...FoundRun[]] = before === null ? [candidate] : [candidate, before];
  const records = await storedRecords(place, runs);
  const labelled = flags.labels === undefined ? undefined : await readLabels(flags.labels);
  const calibrations = { ...calibrationsOf(records, candidate), ...labelled };

  const judged = { ...candidate, run: { ...candidate.run, calibrations } };
  const verdict = judgeOffline(offline, judged.run, before?.run ?? null);
  const report: GateReport = {
    ...verdict,
    policy: { name: policy.metadata.name, hash: policyHash(policy) },
    dataset: offline.dataset,
    candidate: candidate.run.name,
    baseline: before?.run.name ?? null,
    judges: judgedMetrics(offline.metrics, records, runs, labelled),
  };
  const consoleUrl = (flags.consoleUrl ?? loopbackUrl(portsAt(config.portOffset).console)).replace(/\/$/, "");
  const traceUrl = (traceId: string): string => `${consoleUrl}/traces/${encodeURIComponent(traceId)}`;
  await writeReport(flags.junit, () => junitXml(report), env);
  await writeReport(flags.summary, () => markdownSummary(report, traceUrl), env);
  await writeReport(flags.sarif, () => `${JSON.stringify(sarifLog(report, candidate.placeOf), null, 2)}\n`, env);
  const kept = await keptAs(
    { project: flags.project, commit: flags.commit, policy, candidate: judged, baseline: before, judges: report.judges, verdict },
    flags.store,
    {
      config,
      env,
      output,
    },
  );
  output.result(
    { ...checkDocument(report), kept },
    () => `${checkText(report)}${kept === null ? "" : `\n\nkept: ./signalbox gate explain ${kept}`}`,
  );
  if (report.verdict === "inconclusive" && offline.onInconclusive === "warn") output.note("Warning: the gate is inconclusive.");
  return exitCodeOf(report.verdict, offline.onInconclusive);
};

/**
 * Stores the verdict, and returns its id; null where it is not stored. That happens on request, and
 * silently when both runs are already in the store: a failing store then does not cost anybody the verdict.
 */
async function keptAs(
  checked: Checked,
  isAsked: boolean | undefined,
  { config, env, output }: { config: Config; env: NodeJS.ProcessEnv; output: CommandOutput },
): Promise<string | null> {
  const { candidate, baseline } = checked;
  const isStored = candidate.isStored && baseline?.isStored !== false;
  if (isAsked === false || (isAsked === undefined && !(isStored && hasStore(config)))) return null;
  try {
    await using prisma = openStateStore(config);
    return (await keepCheck(prisma, checked, env)).id;
  } catch (error) {
    if (isAsked === true || !(error instanceof AppError)) throw error;
    output.note(`The verdict is not kept: ${error.message}`);
    return null;
  }
}
