import type { GateAnswer } from "../gateAnswer.ts";

/** The longest description of a commit status, and below, the longest summary of a check, in characters. */
const DESCRIPTION_CHARACTERS_MAX = 140;
const SUMMARY_CHARACTERS_MAX = 65_535;

/** A body of `POST /repos/{owner}/{repo}/check-runs`: without a conclusion the check is in progress. */
export type CheckRun = {
  name: string;
  head_sha: string;
  status: "in_progress" | "completed";
  conclusion?: "success" | "failure" | "action_required";
  details_url?: string;
  output: { title: string; summary: string };
};

/** A body of `POST /repos/{owner}/{repo}/statuses/{sha}`. */
export type CommitStatus = { state: "pending" | "success" | "failure"; context: string; description: string; target_url?: string };

/** A report on a gate for GitHub, ready to be posted; `stepSummary` is Markdown. */
export type GithubReport = { checkRun: CheckRun; commitStatus: CommitStatus; stepSummary: string };

const STATES = { promote: "success", hold: "pending", rollback: "failure" } as const;
const TITLES = { promote: "May go on", hold: "Not decided yet", rollback: "Rolled back" } as const;

/** Truncates a text to `max` characters, with an ellipsis. */
export const cut = (text: string, max: number): string => (text.length <= max ? text : `${text.slice(0, max - 1)}…`);

/**
 * Reports a gate's answer in GitHub's terms. A rollout that waits for a person is `action_required`; any other hold is in progress. `url`
 * is the rollout's page.
 */
export function githubReport(
  answer: GateAnswer,
  { gate, sha, url }: { gate: string; sha: string; url?: string | undefined },
): GithubReport {
  const { decision, reason, phase } = answer;
  const name = `signalbox/${gate}`;
  const stepSummary = cut(markdownOf(answer, gate), SUMMARY_CHARACTERS_MAX);
  const isForPeople = decision === "hold" && phase === "paused";
  const conclusion = isForPeople ? "action_required" : STATES[decision];
  return {
    checkRun: {
      ...{ name, head_sha: sha },
      ...(conclusion === "pending" ? { status: "in_progress" } : { status: "completed", conclusion }),
      ...(url === undefined ? {} : { details_url: url }),
      output: { title: isForPeople ? "Waits for a person" : TITLES[decision], summary: stepSummary },
    },
    commitStatus: {
      ...{ state: STATES[decision], context: name, description: cut(reason, DESCRIPTION_CHARACTERS_MAX) },
      ...(url === undefined ? {} : { target_url: url }),
    },
    stepSummary,
  };
}

/** Escapes Markdown in names and reasons, and puts them on one line. */
const plain = (text: string): string => text.replaceAll(/[\\`*_{}[\]<>#|!]/g, "\\$&").replaceAll(/\s+/g, " ");

function markdownOf(answer: GateAnswer, gate: string): string {
  const rows: [string, string][] = [
    ["candidate", plain(answer.canary)],
    ["stable", plain(answer.stable) || "–"],
    ["phase", answer.phase],
    ["step", `${answer.step} (${answer.stage} %)`],
    ["units of the candidate", answer.nCanary.toLocaleString("en")],
    ["units of the stable version", answer.nStable.toLocaleString("en")],
    ["evidence of harm", `${answer.eHarm} of ${answer.eHarmToRollBack}`],
    ["evidence of safety", `${answer.eNonInferior} of ${answer.eSafeToPromote}`],
    ["split of the traffic", answer.srmOk ? "as wanted" : "not as wanted"],
  ];
  const table = rows.map(([name, value]) => `| ${name} | ${value} |`).join("\n");
  return `### Gate ${plain(gate)}: ${answer.decision}\n\n${plain(answer.reason)}\n\n| | |\n|---|---|\n${table}\n`;
}
