import { once } from "node:events";
import { createServer } from "node:net";
import { expect, test } from "vitest";
import type { Part } from "../supervisor/parts/part.ts";
import { askPart } from "./partHealth.ts";

/** A part that is ready, with a listener that serves one metric; with a key, to its holder alone. */
async function aPart(protocol: string, key?: string) {
  const asked: string[] = [];
  const server = createServer((socket) => {
    socket.on("data", (words) => {
      asked.push(String(words).split(" HTTP")[0] ?? "");
      const isLetIn = key === undefined || String(words).includes(`authorization: Bearer ${key}\r\n`);
      const answer = isLetIn
        ? "200 OK\r\nconnection: close\r\n\r\nsignalbox_things_total 3"
        : "401 Unauthorized\r\nconnection: close\r\n\r\n";
      socket.end(`HTTP/1.1 ${answer}\n`);
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? (address?.port ?? 0) : 0;
  const url = `${protocol}://127.0.0.1:${port}`;
  const part: Part = { kind: "process", name: "part", needs: [], entry: "", env: {}, port, url, isReady: async () => true };
  return { part, asked, [Symbol.asyncDispose]: async () => void server.close() };
}

test("a part that speaks HTTP is asked for its counts", async () => {
  await using listener = await aPart("http");
  expect(await askPart(listener.part, undefined)).toMatchObject({ ready: true, counts: { signalbox_things_total: 3 } });
  expect(listener.asked).toEqual(["GET /metrics"]);
});

test("a part that does not is sent nothing that it would complain about in its log", async () => {
  await using listener = await aPart("postgresql");
  expect(await askPart(listener.part, undefined)).toMatchObject({ ready: true, counts: {} });
  expect(listener.asked).toEqual([]);
});

test("a part that keeps its counts from others is shown the key", async () => {
  await using listener = await aPart("http", "sbx_key");
  expect(await askPart(listener.part, undefined, "sbx_key")).toMatchObject({ counts: { signalbox_things_total: 3 } });
  expect(await askPart(listener.part, undefined)).toMatchObject({ ready: true, counts: {} });
});
