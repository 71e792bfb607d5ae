import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { CommandOutput, type Streams } from "./commandOutput.ts";
import { startProgress } from "./progress.ts";

test("where nobody watches, what takes long says now and then how far it is, and what is done at once says nothing", () => {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const output = new CommandOutput({ stdout, stderr } as unknown as Streams, { json: true, verbose: false });
  let now = 0;
  const progress = startProgress(output, "simulated rollouts", 100, () => now);
  progress.update(5);
  expect(stderr.read()).toBeNull();
  for (let done = 10; done <= 100; done += 10) {
    now += 10_000;
    progress.update(done);
  }
  progress.stop();
  expect(String(stderr.read()).split("\n")).toEqual([
    "simulated rollouts: 30 of 100, 30 s so far, about 70 s to go",
    "simulated rollouts: 60 of 100, 60 s so far, about 40 s to go",
    "simulated rollouts: 90 of 100, 90 s so far, about 10 s to go",
    "",
  ]);
});
