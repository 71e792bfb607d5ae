import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { Agent, get } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { generate } from "selfsigned";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTaskQueue } from "../queue/bullTaskQueue.ts";
import type { TaskQueue } from "../queue/taskQueue.ts";
import { aGateway, openStage, type Stage } from "../testing/stage.ts";
import { openGateway } from "./gateway.ts";

const DAY_MS = 86_400_000;

let stage: Stage;
let queue: TaskQueue;
let folder: string;

beforeAll(async () => {
  stage = await openStage();
  queue = await openTaskQueue({ databaseUrl: stage.stores.databaseUrl }, pino({ level: "silent" }));
  folder = mkdtempSync(join(tmpdir(), "signalbox-gateway-tls-"));
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await queue.close();
  await stage[Symbol.asyncDispose]();
});

/** A certificate for this machine that is valid for `days` more days, with its files. */
async function aCertificate(name: string, days: number) {
  const notAfterDate = new Date(Date.now() + days * DAY_MS);
  const notBeforeDate = new Date(Date.now() - 10 * DAY_MS);
  const { cert, private: key } = await generate([{ name: "commonName", value: "localhost" }], {
    notBeforeDate,
    notAfterDate,
    extensions: [{ name: "subjectAltName", altNames: [{ type: 7, ip: "127.0.0.1" }] }],
  });
  const files = { cert: join(folder, `${name}.pem`), key: join(folder, `${name}.key`) };
  writeFileSync(files.cert, cert);
  writeFileSync(files.key, key);
  return { cert, files };
}

function statusOf(url: string, ca: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    get(url, { agent: new Agent({ ca }) }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    }).on("error", reject);
  });
}

/** A port of this test's own range. Another program may take it before it is used; the test would then fail with that message. */
const aPort = (): number => stage.stores.portOffset + 4_543;

test("a client that trusts the certificate is answered over TLS, while local programs still connect without", async () => {
  const { cert, files } = await aCertificate("good", 30);
  const gateway = await openGateway(aGateway(stage, queue, { secure: { port: aPort(), files } }));
  await using _closing = { [Symbol.asyncDispose]: gateway.close };
  expect(await statusOf(`https://127.0.0.1:${aPort()}/readyz`, cert)).toBe(200);
  await expect(statusOf(`https://127.0.0.1:${aPort()}/readyz`, (await aCertificate("other", 30)).cert)).rejects.toThrow();
  expect((await fetch(`${gateway.url}/readyz`)).status).toBe(200);
});

test("a certificate that has expired, or does not match its key, stops the start with one clear sentence", async () => {
  const [expired, other] = [await aCertificate("expired", -1), await aCertificate("good", 30)];
  const open = (files: { cert: string; key: string }) => openGateway(aGateway(stage, queue, { secure: { port: aPort(), files } }));
  await expect(open(expired.files)).rejects.toMatchObject({ code: "infrastructure", message: expect.stringContaining("expired at") });
  const mixed = { cert: expired.files.cert, key: other.files.key };
  await expect(open(mixed)).rejects.toMatchObject({ code: "infrastructure", message: expect.stringContaining("cannot be used") });
});

test("a certificate that expires soon is a warning", async () => {
  const { files } = await aCertificate("old", 3);
  const lines: string[] = [];
  const log = pino({ level: "warn" }, { write: (line: string) => void lines.push(line) });
  await (await openGateway(aGateway(stage, queue, { log, secure: { port: aPort(), files } }))).close();
  expect(lines.join("")).toContain("the certificate expires soon");
});
