import { X509Certificate } from "node:crypto";
import { readFile, stat, writeFile } from "node:fs/promises";
import { request } from "node:https";
import { join } from "node:path";
import { tlsFilesIn } from "@signalbox/model";
import { expect, test } from "vitest";
import { aFolder } from "../../testing/aFolder.ts";
import { aSpan, tracesRequest } from "../../testing/builders/otlpBuilders.ts";
import { startTestCollector } from "../../testing/testCollector.ts";
import { untilTrue } from "../../testing/untilTrue.ts";
import { readTlsIdentity } from "./index.ts";

const NOW = Date.now();
const DAY_MS = 86_400_000;

/** Posts as a client that trusts only `ca`; returns the status. */
function post(url: string, ca: string, headers: Record<string, string> = {}): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sending = request(`${url}/v1/traces`, {
      method: "POST",
      ca,
      servername: "localhost",
      headers: { "content-type": "application/json", ...headers },
    });
    sending.on("response", (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sending.on("error", reject).end(JSON.stringify(tracesRequest([aSpan()])));
  });
}

test("a client that trusts the certificate's authority sends over TLS; others refuse to", async () => {
  await using collector = await startTestCollector();
  const ca = await readFile(collector.caFile, "utf8");
  expect(await post(collector.tlsUrl, ca)).toBe(200);
  await untilTrue(() => collector.stored.flatMap(({ rows }) => rows).length === 1);

  await expect(fetch(`${collector.tlsUrl}/healthz`)).rejects.toThrow();
});

test("the TLS listener refuses web pages like the plain one", async () => {
  await using collector = await startTestCollector();
  const ca = await readFile(collector.caFile, "utf8");
  expect(await post(collector.tlsUrl, ca, { origin: "https://attacker.example" })).toBe(403);
  expect(await post(collector.tlsUrl, ca, { host: "attacker.example" })).toBe(403);
});

test("the certificate is made once, its key is for the owner alone, and its authority signs nothing else", async () => {
  await using place = await aFolder();
  const files = tlsFilesIn(place.folder);
  const made = await readTlsIdentity({ kind: "own", files }, NOW);
  expect(await readTlsIdentity({ kind: "own", files }, NOW)).toEqual({ cert: made.cert, key: made.key });
  expect((await stat(files.key)).mode & 0o777).toBe(0o600);
  const [certificate, authority] = [new X509Certificate(made.cert), new X509Certificate(await readFile(files.ca))];
  expect(certificate.verify(authority.publicKey)).toBe(true);
  expect(certificate.checkIP("127.0.0.1")).toBe("127.0.0.1");
  expect([certificate.ca, authority.ca]).toEqual([false, true]);
});

test.each([
  ["its time is nearly over", async () => {}, NOW + 800 * DAY_MS],
  ["its key is damaged", (files: { key: string }) => writeFile(files.key, "no key"), NOW],
  ["its authority is another", async (files: { ca: string; cert: string }) => writeFile(files.ca, await readFile(files.cert)), NOW],
])("a certificate of ours is made anew when %s", async (_name, spoil, then) => {
  await using place = await aFolder();
  const files = tlsFilesIn(place.folder);
  const first = await readTlsIdentity({ kind: "own", files }, NOW);
  await spoil(files);
  const second = await readTlsIdentity({ kind: "own", files }, then);
  expect(second.cert).not.toBe(first.cert);
  expect(await readTlsIdentity({ kind: "own", files }, then)).toEqual({ cert: second.cert, key: second.key });
});

test("the operator's own certificate is used unchanged, and an unusable one is one clear sentence", async () => {
  await using place = await aFolder();
  await using other = await aFolder();
  const { cert, key } = tlsFilesIn(place.folder);
  const identity = await readTlsIdentity({ kind: "own", files: tlsFilesIn(place.folder) }, NOW);
  await readTlsIdentity({ kind: "own", files: tlsFilesIn(other.folder) }, NOW);
  expect(await readTlsIdentity({ kind: "given", cert, key }, NOW)).toEqual({ cert: identity.cert, key: identity.key });

  const missing = join(place.folder, "nowhere.pem");
  for (const wrong of [missing, tlsFilesIn(other.folder).key])
    await expect(readTlsIdentity({ kind: "given", cert, key: wrong }, NOW)).rejects.toMatchObject({
      code: "infrastructure",
      message: expect.stringContaining(`The certificate ${cert} with the key ${wrong} cannot be used`),
    });
});
