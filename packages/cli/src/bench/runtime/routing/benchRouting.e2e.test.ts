import { expect, test } from "vitest";
import { newPlace, runSignalbox } from "../../../testing/signalbox.ts";

test("routing is measured over processes, and what does not depend on how fast the machine is holds on any", async () => {
  using place = await newPlace();
  const { stdout, exitCode } = await runSignalbox(place, ["bench", "routing", "--json"]);
  const figures = JSON.parse(stdout);
  expect(figures).toMatchObject({
    offered: { share: 0.7 },
    cap: { endpoints: 4, killed: 4, ejectedMax: 2 },
    gpu: { onCpu: 0 },
    killed: { ejectedAfterMs: expect.any(Number) },
    frozen: { ejectedAfterMs: expect.any(Number) },
  });
  expect(figures.slow.share).toBeLessThan(figures.slow.shareBefore);
  expect(figures.gpu.refused).toBeGreaterThan(0);
  expect(exitCode).toBe(figures.broken.length === 0 ? 0 : 1);
});
