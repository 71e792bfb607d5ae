import { expect, test } from "vitest";
import { openDiscovery } from "./discovery.ts";
import { parseEndpoints } from "./endpoint.ts";

test("a name is every address of it, in the same order whatever order they come in, beside addresses that were named", async () => {
  const sources = parseEndpoints("http://10.0.0.9:4610,dns+http://language:4611#gpu");
  const addresses = ["10.0.0.2", "fd00::1", "10.0.0.1"];
  const find = (addressesNow: string[]) =>
    openDiscovery(
      sources,
      async (host) => (host === "language" ? addressesNow : []),
      () => {},
    )();
  const found = await find(addresses);
  expect(found.map(({ url, labels }) => [url, ...labels])).toEqual([
    ["http://10.0.0.1:4611", "gpu"],
    ["http://10.0.0.2:4611", "gpu"],
    ["http://10.0.0.9:4610"],
    ["http://[fd00::1]:4611", "gpu"],
  ]);
  expect(await find(addresses.toReversed())).toEqual(found);
});

test("a name that cannot be resolved takes nothing from the others, and keeps the addresses that it had", async () => {
  const sources = parseEndpoints("http://10.0.0.9:4610,dns+http://language:4611,dns+http://nowhere:4611");
  let isAway = false;
  const unresolved: string[] = [];
  const resolve = async (host: string) => {
    if (isAway || host === "nowhere") throw new Error("ENOTFOUND");
    return ["10.0.0.1"];
  };
  const find = openDiscovery(sources, resolve, (host) => void unresolved.push(host));
  const found = await find();
  expect(found.map(({ url }) => url)).toEqual(["http://10.0.0.1:4611", "http://10.0.0.9:4610"]);
  isAway = true;
  expect(await find()).toEqual(found);
  expect(unresolved).toEqual(["nowhere", "language", "nowhere"]);
});
