import { expect, test } from "vitest";
import { endpointsOf } from "./discovery.ts";
import { parseEndpoints } from "./endpoint.ts";

test("a name is every address of it, in the same order whatever order they come in, beside addresses that were named", async () => {
  const sources = parseEndpoints("http://10.0.0.9:4610,dns+http://language:4611#gpu");
  const addresses = ["10.0.0.2", "fd00::1", "10.0.0.1"];
  const found = await endpointsOf(sources, async (host) => (host === "language" ? addresses : []));
  expect(found.map(({ url, labels }) => [url, ...labels])).toEqual([
    ["http://10.0.0.1:4611", "gpu"],
    ["http://10.0.0.2:4611", "gpu"],
    ["http://10.0.0.9:4610"],
    ["http://[fd00::1]:4611", "gpu"],
  ]);
  expect(await endpointsOf(sources, async () => addresses.toReversed())).toEqual(found);
});
