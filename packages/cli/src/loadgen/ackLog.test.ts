import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { AckLog, readAckLog } from "./ackLog.ts";
import type { Payload } from "./templates/payload.ts";

const PAYLOAD: Payload = {
  form: "otlp",
  seed: 7,
  spansPerTrace: 10,
  spansPerRequest: 20,
  bytesPerSpan: 2_648,
  dialects: ["otel", "vercel"],
  templates: 40,
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "signalbox-acklog-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("what was acknowledged is read as it was written, in order", () => {
  const path = join(folder, "log");
  const acknowledged = Array.from({ length: 5_000 }, (_, index) => ({
    number: 5_000 - index,
    baseMs: 1_795_000_000_000 + index,
    isUpdated: index % 3 === 0,
  }));
  {
    using log = new AckLog(path, PAYLOAD);
    for (const request of acknowledged) log.add(request);
  }
  expect(readAckLog(path)).toEqual({ payload: PAYLOAD, acknowledged });
});

test("a file that is no log is told from one", () => {
  const path = join(folder, "other");
  writeFileSync(path, "hello\n");
  expect(() => readAckLog(path)).toThrow("is not a log of loadgen");
});
