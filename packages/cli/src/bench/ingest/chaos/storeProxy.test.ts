import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openStoreProxy, type StoreProxy } from "./storeProxy.ts";

/** A store that answers with its own name and the request that it got. */
const store = createServer(async (request, response) => {
  response.end(`${request.headers.host} ${request.url} ${await text(request)}`);
});
let host: string;
let proxy: StoreProxy;
beforeEach(async () => {
  store.listen(0, "127.0.0.1");
  await once(store, "listening");
  host = `127.0.0.1:${(store.address() as AddressInfo).port}`;
  proxy = await openStoreProxy(`http://user:secret@${host}/signalbox`);
});
afterEach(async () => {
  await proxy[Symbol.asyncDispose]();
  store.closeAllConnections();
  store.close();
});

function ask(): Promise<string> {
  const url = new URL("/?query=1", proxy.url);
  url.username = "";
  url.password = "";
  return fetch(url, { method: "POST", body: "rows" }).then((answer) => answer.text());
}

test("requests reach the store under its own name, and its answers come back; the URL keeps user and database", async () => {
  expect(await ask()).toBe(`${host} /?query=1 rows`);
  expect(new URL(proxy.url)).toMatchObject({ username: "user", password: "secret", pathname: "/signalbox" });
});

test("a store that is down answers nobody, until it is open again", async () => {
  proxy.show({ kind: "down" });
  await expect(ask()).rejects.toThrow();
  proxy.show({ kind: "open" });
  expect(await ask()).toContain("rows");
});

test("a slow store answers all the same", async () => {
  proxy.show({ kind: "slow", delayMs: 20 });
  expect(await ask()).toContain("rows");
});

test("a store that has ended is a connection that is lost, not a proxy that fails", async () => {
  store.closeAllConnections();
  store.close();
  await expect(ask()).rejects.toThrow();
});
