"use client";
import { canaryOf, durationMs, isUnderWay, needsApproval, stepElapsedMs } from "@signalbox/model";
import { Check, Circle, CircleDot } from "lucide-react";
import { classNames } from "../../components/ui/classNames.ts";
import { useNow } from "../../components/ui/useNow.ts";
import { formatCount } from "../../format/amounts.ts";
import { formatDuration } from "../../format/duration.ts";
import { formatWeight } from "./amounts.ts";
import type { RolloutDetail } from "./rolloutParams.ts";

const MS_PER_S = 1_000;
const NS_PER_S = 1e9;

/** A running time in whole seconds. */
const inUnits = (ms: number): string => formatDuration(Math.max(0, Math.floor(ms / MS_PER_S)) * NS_PER_S);

/** The steps towards the whole traffic: the current one, its age, and what it still needs. */
export function StepLadder({ detail }: { detail: RolloutDetail }) {
  const { rollout } = detail;
  const { steps } = canaryOf(rollout);
  const isLive = isUnderWay(rollout);
  const isPromoted = rollout.phase === "promoted";
  return (
    <ol className="flex flex-col px-4 py-3">
      {steps.map(({ setWeight, minUnits, maxDuration, approve }, step) => {
        const state = step < rollout.step || isPromoted ? "done" : step === rollout.step ? "here" : "ahead";
        const needs = [
          `${formatCount(minUnits)} units`,
          ...(maxDuration === undefined ? [] : [`${maxDuration} at most`]),
          ...(approve === true ? ["approval"] : []),
        ].join(", ");
        return (
          <Rung key={setWeight} state={state} isLit={state === "here" && isLive} title={formatWeight(setWeight)} says={needs}>
            {state === "here" && <Here detail={detail} minUnits={minUnits} maxDuration={maxDuration} />}
          </Rung>
        );
      })}
      <Rung state={isPromoted ? "done" : "ahead"} isLit={false} title={formatWeight(100)} says="every guardrail shown to be safe" isLast />
    </ol>
  );
}

const ICONS = { done: Check, here: CircleDot, ahead: Circle } as const;
const SAID = { done: "done", here: "the step it is at", ahead: "to come" } as const;

function Rung({
  state,
  isLit,
  title,
  says,
  isLast = false,
  children,
}: {
  state: keyof typeof ICONS;
  isLit: boolean;
  title: string;
  says: string;
  isLast?: boolean;
  children?: React.ReactNode;
}) {
  const Icon = ICONS[state];
  return (
    <li aria-current={state === "here" ? "step" : undefined} className="flex gap-3">
      <span aria-hidden className="flex flex-col items-center">
        <Icon className={classNames("size-4 shrink-0", state === "done" ? "text-clear-mark" : isLit ? "text-accent" : "text-faint")} />
        {!isLast && <span className={classNames("my-1 w-px flex-1", state === "done" ? "bg-clear-mark" : "bg-line-strong")} />}
      </span>
      <div className={classNames("min-w-0 flex-1 pb-4", isLast && "pb-0")}>
        <p className="flex flex-wrap items-baseline gap-x-2 leading-4">
          <span className={classNames("font-semibold tabular-nums", state === "ahead" && "text-muted")}>{title}</span>
          <span className="sr-only">{SAID[state]}:</span>
          <span className="text-sm text-faint">{says}</span>
        </p>
        {children}
      </div>
    </li>
  );
}

function Here({
  detail: { rollout, verdict, drift, lastLook, waitsFor },
  minUnits,
  maxDuration,
}: {
  detail: RolloutDetail;
  minUnits: number;
  maxDuration: string | undefined;
}) {
  const now = useNow();
  const isLive = isUnderWay(rollout);
  const until = rollout.endedAt === null ? now : Date.parse(rollout.endedAt);
  const elapsed = stepElapsedMs(rollout, until);
  const units = verdict?.step === rollout.step ? verdict.stepUnits.candidate : 0;
  const missing = Math.max(0, minUnits - units);
  const left = maxDuration === undefined ? null : durationMs(maxDuration) - elapsed;
  return (
    <dl className="mt-2 grid grid-cols-[auto_1fr] gap-x-3 gap-y-1 text-sm tabular-nums [&>dt]:text-faint">
      <dt>Units</dt>
      <dd className="min-w-0">
        {formatCount(units)} of {formatCount(minUnits)}
        <span
          role="progressbar"
          aria-label="Units of this step"
          aria-valuemin={0}
          aria-valuemax={minUnits}
          aria-valuenow={Math.min(units, minUnits)}
          className="mt-1 flex h-1 overflow-hidden rounded-full bg-sunken"
        >
          <span className="h-full bg-accent" style={{ width: `${Math.min(1, units / minUnits) * 100}%` }} />
        </span>
      </dd>
      <dt>In this step</dt>
      <dd>
        {inUnits(elapsed)}
        {rollout.phase === "paused" && <span className="text-caution"> (stopped)</span>}
        {isLive && rollout.phase === "running" && left !== null && (
          <span className={left < 0 ? "text-caution" : "text-faint"}>{left < 0 ? ", over its time" : `, ${inUnits(left)} left`}</span>
        )}
      </dd>
      {isLive && (
        <>
          <dt>Observed</dt>
          <dd className={drift?.sentence === null || drift === null ? "" : "text-caution"}>
            {drift?.observed === null || drift === null
              ? "no unit lately"
              : `${formatWeight(drift.observed)} of ${formatCount(drift.units)} units lately`}
          </dd>
          <dt>Last look</dt>
          <dd>{lastLook === null ? "none yet" : `${inUnits(now - Date.parse(lastLook.at))} ago; the next within a minute`}</dd>
          <dt>Goes on</dt>
          <dd className="[overflow-wrap:anywhere]">{waitsFor ?? onwards(needsApproval(rollout), missing)}</dd>
        </>
      )}
    </dl>
  );
}

/** When a step that nobody has stopped goes on. */
function onwards(isForPeople: boolean, missing: number): string {
  if (isForPeople) return "when somebody approves it";
  return missing > 0 ? `when ${formatCount(missing)} more are settled` : "at the next look that lets it";
}
