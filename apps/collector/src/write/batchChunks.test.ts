import { rowsOfInsert } from "@signalbox/db/testing";
import { expect, test } from "vitest";
import { INSTRUMENTATION_KEY } from "../testing/builders/azureBuilders.ts";
import { noRules } from "../testing/someRules.ts";
import { BatchChunks } from "./batchChunks.ts";
import { Tally } from "./tally.ts";

test("Azure items that can no longer be decoded are not kept, since their key is in them", () => {
  const batch = new BatchChunks(noRules(), new Tally());
  batch.add({
    receivedAtUs: 1_763_900_002_000_000,
    kind: "azure_track",
    source: "azure",
    counts: { received: 1, rejected: {} },
    encoding: "json",
    compression: "identity",
    project: "default",
    body: Buffer.from(`[{"iKey":"${INSTRUMENTATION_KEY}"`),
  });
  const rows = batch.rest().flatMap(({ table, body }) => rowsOfInsert({ table, body: [...body] }));
  expect(rows).toMatchObject([{ record: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) }]);
});
