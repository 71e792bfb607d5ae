"use client";
import { useQueryStates } from "nuqs";
import { STEP_PARAM } from "../../project/taskLink.ts";
import { useShortcuts } from "../../shortcuts/index.ts";
import { indexOfMoment, type Moment } from "./timeline.ts";

/**
 * The current moment, which the URL holds, and navigation to others, also by key. At the last moment the URL names none, so that a running
 * task is followed.
 */
export function useMoment(moments: readonly Moment[]): { index: number; goTo: (index: number) => void } {
  const [{ step }, setParams] = useQueryStates(STEP_PARAM);
  const index = indexOfMoment(moments, step);
  const last = moments.length - 1;
  const goTo = (wanted: number): void => {
    const next = Math.max(0, Math.min(last, wanted));
    void setParams({ step: next === last ? null : (moments[next]?.key ?? null) });
  };
  const [back, on] = [() => goTo(index - 1), () => goTo(index + 1)];
  useShortcuts({ earlier: back, later: on, previous: back, next: on, firstMoment: () => goTo(0), lastMoment: () => goTo(last) });
  return { index, goTo };
}
