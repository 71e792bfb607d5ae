import type { RolloutView } from "@signalbox/api";
import {
  type CanaryStep,
  canaryOf,
  type Drift,
  isUnderWay,
  type LiveVerdict,
  type LookFailure,
  latencyText,
  type MetricFigures,
  type Rollout,
  type RolloutEntry,
  uncountedText,
  weightOf,
} from "@signalbox/model";
import { textTable } from "../commandLine/textTable.ts";

/** The phases of a rollout, in words. */
export const PHASES = {
  running: "running",
  paused: "paused",
  promoted: "promoted",
  rolledBack: "rolled back",
  aborted: "aborted",
} as const satisfies Record<Rollout["phase"], string>;

/** A time to the minute, UTC. */
export const minuteText = (iso: string): string => iso.slice(0, 16).replace("T", " ");

const shownNumber = (value: number | null): string => (value === null ? "" : String(Number(value.toPrecision(3))));

/** A rollout in two lines: its subject, and its state; for one that waits or is over, also why. */
export function headText(rollout: Rollout): string {
  const { id, project, stable, candidate, gate } = rollout;
  return `Rollout ${id} of project ${project}: ${stable} to ${candidate} under ${gate}.\n${whereText(rollout)}`;
}

/** A rollout's reason is that of its last change: while it runs, the gate's current verdict is another. */
function whereText(rollout: Rollout): string {
  const { phase, reason, step, stepStartedAt, endedAt } = rollout;
  if (!isUnderWay(rollout)) return `It is ${PHASES[phase]}${endedAt === null ? "" : ` (${minuteText(endedAt)} UTC)`}: ${reason}`;
  const at = `It is ${PHASES[phase]}, step ${step + 1} of ${canaryOf(rollout).steps.length} (${weightOf(rollout)} %), which began ${minuteText(stepStartedAt)} UTC`;
  return phase === "paused" ? `${at}: ${reason}` : `${at}.`;
}

/** An entry of a rollout's log, in one line. */
export function entryText({ at, kind, weight, actor, reason }: RolloutEntry): string {
  return `${minuteText(at)} UTC  ${kind === "rolledBack" ? "rolled back" : kind} (${weight} %) by ${actor}: ${reason}`;
}

/** The sentence that a rollout is still under way. */
export function sinceText({ rollout, verdict, isOfNow, lastLook }: RolloutView): string {
  const looked = lastLook === null ? "nobody has looked at it yet" : `last look ${minuteText(lastLook.at)} UTC`;
  return `Still ${PHASES[rollout.phase]} at step ${rollout.step + 1}; ${looked}: ${verdict !== null && isOfNow ? verdict.reason : rollout.reason}`;
}

const WAITS = { approval: "waits for approval", time: "ran out of time", person: "paused" } as const;

/**
 * A rollout's state in a few words: the step, its weight, and what it waits for while it is under way; how far it had come once it is over.
 */
export function standingText(rollout: Rollout): string {
  const { phase, step, pausedFor } = rollout;
  const steps = canaryOf(rollout).steps;
  const at = `step ${step + 1} of ${steps.length}`;
  if (phase === "promoted") return PHASES.promoted;
  if (!isUnderWay(rollout)) return `${PHASES[phase]} at ${at}`;
  const is = pausedFor === null ? PHASES[phase] : WAITS[pausedFor];
  return `${is}, ${at} (${weightOf(rollout)} %)`;
}

function stepRow(rollout: Rollout, verdict: LiveVerdict | null): (step: CanaryStep, index: number) => string[] {
  return ({ setWeight, minUnits, maxDuration = "" }, index) => {
    const isHere = index === rollout.step && rollout.phase !== "promoted";
    const mark = isHere ? ">" : index < rollout.step || rollout.phase === "promoted" ? "done" : "";
    const units = isHere && verdict?.step === index ? `${verdict.stepUnits.candidate} of ${minUnits}` : String(minUnits);
    const waits = isHere && rollout.pausedFor !== null ? WAITS[rollout.pausedFor] : "";
    return [mark, String(index + 1), `${setWeight} %`, units, maxDuration, waits];
  };
}

function driftText({ wanted, observed, units, sentence }: Drift): string {
  if (sentence !== null) return sentence;
  if (observed === null) return `The candidate should have ${wanted} % of the units; none came lately.`;
  return `The candidate has ${observed.toFixed(1)} % of the last ${units} units; it should have ${wanted} %.`;
}

function metricRow({ name, role, units, mean, difference, margin, eHarm, eSafe, standing }: MetricFigures): string[] {
  const [candidate, stable] = [units.candidate, units.stable];
  return [
    name,
    role,
    ...[mean.candidate, mean.stable, difference, margin].map(shownNumber),
    `${candidate} / ${stable}`,
    shownNumber(eHarm),
    shownNumber(eSafe),
    standing,
  ];
}

/** The number of delivery tools' events that are shown; `--json` has more. */
const EVENTS_SHOWN = 5;

/** The sentence that looks at a rollout fail, with the reason. */
function failureText({ since, at, times, reason }: LookFailure): string {
  return `Looks at it fail since ${minuteText(since)} UTC, ${times} so far, the last ${minuteText(at)} UTC: ${reason}`;
}

/** The sentence that the figures are from before the rollout's step began. */
const notLookedText = ({ step }: Rollout): string =>
  `Step ${step + 1} was not looked at since it began: the figures are of the look before.`;

/** A rollout with its steps, its traffic, and the gate's evidence. */
export function viewText({ rollout, verdict, isOfNow, lastLook, drift, waitsFor, failure, policyFault, events }: RolloutView): string {
  const steps = textTable([["", "step", "weight", "units", "at most", ""], ...canaryOf(rollout).steps.map(stepRow(rollout, verdict))]);
  const evidence =
    verdict === null
      ? ["Nobody has looked at it yet."]
      : [
          textTable([
            ["metric", "role", "candidate", "stable", "difference", "margin", "units", "e worse", "e safe", "is"],
            ...verdict.metrics.map(metricRow),
          ]),
          ...verdict.metrics.flatMap((metric) => latencyText(metric) ?? []),
          `Evidence of harm ${shownNumber(verdict.eHarm)} of the ${shownNumber(verdict.eHarmToRollBack)} that roll back; each guardrail needs ${shownNumber(verdict.eSafeToPromote)} to be safe. ${verdict.blocks} blocks${lastLook === null ? "" : `, last look ${minuteText(lastLook.at)} UTC`}.`,
          ...(lastLook === null ? [] : [uncountedText(lastLook, verdict.units)].filter((text) => text !== "")),
          ...(isUnderWay(rollout) ? [isOfNow ? `Now: ${verdict.reason}` : notLookedText(rollout)] : []),
        ];
  const fault = policyFault === null ? [] : [`${policyFault} The gate decides nothing by it: abort it.`];
  const failing =
    failure === null ? [] : [`${failureText(failure)}${policyFault === null ? " Until one does not, only the step's time is kept." : ""}`];
  const waits = waitsFor === null ? [] : [waitsFor];
  const told = events
    .slice(0, EVENTS_SHOWN)
    .map(({ receivedAt, source, subject, message }) => `${minuteText(receivedAt)} UTC  ${source} of ${subject}: ${message}`);
  return [
    headText(rollout),
    ...waits,
    ...fault,
    ...failing,
    steps,
    ...(drift === null ? [] : [driftText(drift)]),
    ...evidence,
    ...(told.length === 0 ? [] : [told.join("\n")]),
  ].join("\n\n");
}
