import { Writable } from "node:stream";
import { expect, test } from "vitest";
import { runCommandLine } from "../../program.ts";

test("the part on judges prints a table, and exits with 0 when the corrected estimate holds the truth often enough", async () => {
  const parts: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      parts.push(String(chunk));
      done();
    },
  }) as NodeJS.WriteStream;
  const exitCode = await runCommandLine(["bench", "evals", "--part", "judge", "--sims", "200"], { stdout: stream, stderr: stream }, {});
  expect(exitCode).toBe(0);
  expect(parts.join("")).toMatch(/A judge that is \d+\.\d points too kind[\s\S]*prediction-powered +\d+\.\d % +\d+\.\d % +yes/);
});
