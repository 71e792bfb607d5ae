import { type Divergence, isSameStage, type ReplayReport, type ReplaySide, type ReplayStep, type ReplayVerdict } from "@signalbox/model";
import type { CommandOutput } from "../commandLine/commandOutput.ts";
import { textTable } from "../commandLine/textTable.ts";

/** The most characters of a text in one of two columns; the JSON has all of it. */
const COLUMN_CHARACTERS = 56;

/** The most characters of a differing value that are shown. */
const VALUE_CHARACTERS = 600;

function cut(text: string, charactersMax: number): string {
  const line = text.replaceAll(/\s+/g, " ");
  return line.length <= charactersMax ? line : `${line.slice(0, charactersMax - 1)}…`;
}

/** A step in one line. */
export function stepLine({ stage }: ReplayStep): string {
  switch (stage.kind) {
    case "understand":
      return `understood ${stage.output.abstained ? "nothing" : stage.output.intent}`;
    case "route":
      return `went to ${stage.output.planner}`;
    case "recall":
      return `recalled ${stage.output.turns.length} turns`;
    case "user":
      return `customer: ${stage.output.content}`;
    case "remember":
      return `remembered ${stage.output.turns} turns`;
    case "tool":
      return `${stage.input.call.name} → ${stage.output.output}`;
    case "move":
      if (stage.output.kind === "tool") return `calls ${stage.output.call.name} ${JSON.stringify(stage.output.call.arguments)}`;
      if (stage.output.kind === "reply") return `agent: ${stage.output.content}`;
      return stage.output.kind === "rejected" ? `unusable: ${stage.output.problem}` : stage.output.kind;
  }
}

function passed(value: boolean | null): string {
  return value === null ? "unknown" : value ? "pass" : "fail";
}

function verdictLine(verdict: ReplayVerdict | null): string {
  if (verdict === null) return "nothing expected";
  const { reward, finalState, outputs, ending } = verdict;
  return `reward ${reward ?? "unknown"} (state ${passed(finalState)}, outputs ${passed(outputs)}, ending ${passed(ending)})`;
}

/** The documents that a side left changed. */
function dataLine({ state }: ReplaySide): string {
  if (state === null) return "unknown";
  const changed = Object.keys(state.changed);
  return changed.length === 0 ? "unchanged" : cut(`${changed.length} changed: ${changed.join(", ")}`, COLUMN_CHARACTERS);
}

/** The models' usage, in words: tokens alone where there is no price, which does not mean that they are free. */
export function spentText(costUsd: number, tokens: number): string {
  const isPriced = costUsd > 0 || tokens === 0;
  return [...(isPriced ? [`$${costUsd.toFixed(4)}`] : []), ...(tokens > 0 ? [`${tokens} tokens`] : [])].join(", ");
}

function divergenceLines({ step, seq, field, recorded, replayed }: Divergence): string[] {
  const place = [...(step === null ? [] : [`step ${step}`]), ...(seq === null ? [] : [`decision ${seq}`])].join(", ") || "the end";
  const value = (side: unknown): string => cut(typeof side === "string" ? side : JSON.stringify(side), VALUE_CHARACTERS);
  return [`First divergence at ${place}, ${field}`, `  recorded  ${value(recorded)}`, `  replayed  ${value(replayed)}`];
}

function sideBySide({ mode, recorded, replayed }: Pick<ReplayReport, "mode" | "recorded" | "replayed">): string {
  const strictness = { courses: mode === "recorded" };
  const count = Math.max(recorded.steps.length, replayed.steps.length);
  const steps = Array.from({ length: count }, (_, index) => {
    const [one, other] = [recorded.steps[index], replayed.steps[index]];
    const isSame = one !== undefined && other !== undefined && isSameStage(one.stage, other.stage, strictness);
    const line = (step: ReplayStep | undefined): string => (step === undefined ? "—" : cut(stepLine(step), COLUMN_CHARACTERS));
    return [isSame ? " " : "≠", String(index + 1), line(one), isSame ? "the same" : line(other)];
  });
  const both = (name: string, of: (side: ReplaySide) => string): string[] => ["", name, of(recorded), of(replayed)];
  return textTable([
    ["", "step", "recorded", "replayed"],
    ...steps,
    both("ends", ({ status, error }) => cut(error === null ? status : `${status}: ${error}`, COLUMN_CHARACTERS)),
    both("tries", ({ attempts }) => String(attempts)),
    both("time", ({ durationMs }) => `${durationMs.toFixed(1)} ms`),
    both("cost", ({ costUsd, tokens }) => spentText(costUsd, tokens)),
    ...(recorded.state === null && replayed.state === null ? [] : [both("data", dataLine)]),
    both("score", ({ verdict }) => verdictLine(verdict)),
  ]);
}

/** A report for people. */
export function replayText(report: ReplayReport, output: CommandOutput): string {
  const { outcome, executed, hashes, divergence, refused, replayed, name, taskId, mode, from, askedCostUsd, fromRecord, unasked } = report;
  const askedTokens = replayed.steps.reduce((sum, { step, tokens }) => sum + (step < from ? 0 : tokens), 0);
  const stages = Object.entries(executed).map(([kind, count]) => `${count} ${kind}`);
  const head = output.paint(outcome === "identical" ? "green" : "red", outcome);
  return [
    `${name} (${taskId}): ${head}`,
    mode === "live"
      ? `Live from step ${from} on: models took ${spentText(askedCostUsd, askedTokens)}${fromRecord.length === 0 ? "" : `; tools of others answered from the record in step ${fromRecord.join(", ")}`}.`
      : `The runtime went through ${stages.join(", ")}; ${hashes.equal} of ${hashes.total} decisions have the hash on record.`,
    ...(divergence === null ? [] : ["", ...divergenceLines(divergence)]),
    ...(refused === null ? [] : [`The replay ended there: ${refused.what} is not on record, and the fence lets nothing else through.`]),
    ...(unasked.length === 0 ? [] : [`No call asked for the answer that is given for ${unasked.join(", ")}.`]),
    "",
    sideBySide(report),
  ].join("\n");
}
