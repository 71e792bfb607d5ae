import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { json, text } from "node:stream/consumers";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runSignalbox, spawnSignalbox } from "../testing/signalbox.ts";
import { readAckLog } from "./ackLog.ts";
import type { LoadReport } from "./loadReport.ts";

const PLACE = { dataDir: "", portOffset: 0 };

let folder: string;
let server: Server;
let requests: number;
let onRequest: () => void;

/** A back end that acknowledges everything. */
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "signalbox-loadgen-"));
  requests = 0;
  onRequest = () => {};
  server = createServer((request, response) => {
    requests += 1;
    request.resume().on("end", () => response.end());
    onRequest();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

const endpoint = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

test("so many spans are sent, reported in one JSON document, and logged", async () => {
  const log = join(folder, "log");
  const flags = ["--endpoint", endpoint(), "--spans", "400", "--spans-per-request", "20", "--connections", "3", "--log", log];
  const { stdout, stderr, exitCode } = await runSignalbox(PLACE, ["loadgen", ...flags, "--json"]);
  const report: LoadReport = JSON.parse(stdout);
  expect({ stderr, exitCode }).toEqual({ stderr: "", exitCode: 0 });
  expect(report).toMatchObject({
    protocol: "otlp-http",
    rate: null,
    spansPerTrace: 10,
    requests: { sent: 20, acknowledged: 20 },
    spans: { acknowledged: 400, rejected: 0, unacknowledged: 0 },
    errors: {},
  });
  for (const name of ["spansPerSecond", "ackMsP50", "ackMsP99", "ackMsMax", "cpuMicrosecondsPerSpan"] as const)
    expect(report[name]).toBeGreaterThan(0);
  expect(requests).toBe(20);
  const { payload, acknowledged } = readAckLog(log);
  expect(payload.seed).toBe(report.seed);
  expect(new Set(acknowledged.map(({ number }) => number)).size).toBe(20);
});

test("without --json a person reads the figures", async () => {
  const { stdout } = await runSignalbox(PLACE, ["loadgen", "--endpoint", endpoint(), "--spans", "100"]);
  expect(stdout).toMatch(/^spans acknowledged +\d+ of \d+$/m);
  expect(stdout).toMatch(/^cost of the generator +[\d.]+ µs of CPU per span$/m);
});

test("Ctrl-C ends it with the figures so far", async () => {
  const sending = Promise.withResolvers<void>();
  onRequest = () => {
    if (requests === 50) sending.resolve();
  };
  const child = spawnSignalbox(PLACE, ["loadgen", "--endpoint", endpoint(), "--duration", "600", "--json"]);
  const [report, errors, exit] = [json(child.stdout), text(child.stderr), once(child, "exit")];
  await sending.promise;
  child.kill("SIGINT");
  const { spans, requests: counted } = (await report) as LoadReport;
  expect(counted.acknowledged).toBeGreaterThanOrEqual(49);
  expect(spans.unacknowledged).toBe(0);
  expect([await exit, await errors]).toEqual([[0, null], ""]);
});
