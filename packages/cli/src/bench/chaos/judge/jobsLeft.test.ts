import { parsePrometheusText } from "@signalbox/model";
import { expect, test } from "vitest";
import { jobsIn } from "./jobsLeft.ts";

const metrics = (waiting: number, active: number, delayed: number) =>
  parsePrometheusText(
    Object.entries({ waiting, active, delayed })
      .map(([state, tasks]) => `signalbox_queue_tasks{state="${state}"} ${tasks}`)
      .join("\n"),
  );

test("a job in any state is one that the queue has", () => {
  expect(jobsIn(metrics(0, 0, 0))).toBe(0);
  expect([metrics(1, 0, 0), metrics(0, 1, 0), metrics(0, 0, 1)].map(jobsIn)).toEqual([1, 1, 1]);
});

test("a worker that does not know what the queue has is not one whose queue is empty", () => {
  expect(jobsIn(parsePrometheusText("signalbox_worker_runs_total 3"))).toBeNull();
  expect(jobsIn([])).toBeNull();
});
