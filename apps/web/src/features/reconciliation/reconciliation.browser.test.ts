import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { insertTelemetry, type LedgerEntry, ledgerBody, linesOf, rejectedRow, spanFingerprintAt } from "@signalbox/db/clickhouse";
import { aSpan, storeSpans } from "@signalbox/db/testing";
import { newId, type Span } from "@signalbox/model";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "../../testing/browser.ts";
import { openPage } from "../../testing/consolePage.ts";
import { eventually } from "../../testing/eventually.ts";
import { startTestConsole, type TestConsole } from "../../testing/testConsole.ts";

let app: TestConsole;
let browser: Browser;

/** Two minutes ago, in the ledger's minutes. */
const MINUTE = Math.floor(Date.now() / 60_000) * 60 - 120;
const RECEIVED_AT_US = (MINUTE + 5) * 1e6;
const UNTIL_MS = (MINUTE + 90) * 1_000;

/** The collector's metrics. */
const collector = createServer((_request, response) => {
  response.end(`signalbox_collector_readable_until_seconds ${UNTIL_MS / 1_000}
signalbox_collector_waiting_records{project="default",source="otlp_traces_http"} 3
`);
});

const fingerprintsOf = (spans: readonly Span[]): Uint32Array =>
  Uint32Array.from(spans.map(({ traceId, spanId }) => spanFingerprintAt(Buffer.from(traceId + spanId, "hex"), 0, 16)));

function entriesOf(project: string, spans: readonly Span[], rejected: number): LedgerEntry[] {
  const entry = (fate: LedgerEntry["fate"], count: number, reason = "", fingerprints: Uint32Array = new Uint32Array()): LedgerEntry => ({
    ...{ project, source: "otlp_traces_http", minute: MINUTE },
    ...{ fate, count, reason, fingerprints },
  });
  return [
    entry("received", spans.length + rejected),
    entry("accepted", spans.length),
    entry("rejected", rejected, "bad_span_id"),
    entry("journaled", spans.length),
    entry("stored", spans.length, "", fingerprintsOf(spans)),
  ];
}

async function keepLedger(entries: readonly LedgerEntry[]): Promise<void> {
  await insertTelemetry(app.clickhouse, { table: "ledger", body: ledgerBody(entries), token: newId() });
}

beforeAll(async () => {
  collector.listen(0, "127.0.0.1");
  await once(collector, "listening");
  browser = await launchBrowser();
  app = await startTestConsole({ otlpUrl: `http://127.0.0.1:${(collector.address() as AddressInfo).port}` });

  const spans = ["a", "b", "c"].map((id) => aSpan({ id }));
  await storeSpans(app.clickhouse, spans, RECEIVED_AT_US);
  await keepLedger(entriesOf("default", spans, 2));
  const rejected = {
    project: "default",
    source: "otlp_traces_http",
    reason: "the span id is not 8 bytes",
    record: `{"name":"${"x".repeat(3_000)}"}`,
  };
  const row = rejectedRow(rejected, RECEIVED_AT_US);
  await insertTelemetry(app.clickhouse, { table: "rejected", body: linesOf([row]), token: newId() });

  const lossy = ["a", "b"].map((id) => aSpan({ id, project: "lossy" }));
  await storeSpans(app.clickhouse, lossy.slice(1), RECEIVED_AT_US);
  await keepLedger(entriesOf("lossy", lossy, 0));
});

afterAll(async () => {
  await browser?.close();
  await app?.[Symbol.asyncDispose]();
  collector.close();
});

test("shows the time up to which everything is readable, what waits, and that the numbers add up", async () => {
  await using opened = await openPage(browser, app);
  const { page, open, scriptErrors } = opened;
  await open("/reconciliation");
  await page.getByText(/Everything received up to \d\d:\d\d:\d\d is readable/).waitFor();
  await page.getByText("3 accepted records wait in the journal.").waitFor();
  await page.getByText("the numbers add up.").waitFor();
  const row = page.getByRole("table", { name: "Records by source" }).getByRole("row").nth(1);
  await eventually(() => row.getByRole("cell").allTextContents()).toEqual([
    "OTLP traces, HTTPspans",
    "8",
    "2",
    "6",
    "0",
    "0",
    "0",
    "3",
    "0",
    "0",
    "0",
    "3",
    "3",
    "Adds up",
  ]);
  expect(scriptErrors).toEqual([]);
});

test("a reason has its count, and an example shows the record, cut", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  await open("/reconciliation");
  await page.getByRole("listitem").filter({ hasText: "bad_span_id" }).getByText("2", { exact: true }).waitFor();
  const example = page.getByRole("listitem").filter({ has: page.locator("details") });
  await example.locator("summary").focus();
  await page.keyboard.press("Enter");
  await example.getByText("3,011 characters in all").waitFor();
});

test("a lost row is told apart from a replaced one: the page says how many, and where", async () => {
  await using opened = await openPage(browser, app, "dark");
  const { page, open } = opened;
  await open("/reconciliation?project=lossy");
  await page.getByText("the numbers do not add up").waitFor();
  await page.getByText("1 were stored and are nowhere now").waitFor();
  await page.getByRole("table", { name: "Records by source" }).getByText("Does not add up").waitFor();
});

test("the source, the range and the chart's table are in the URL, and keys get there", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  await open("/traces");
  await page.getByRole("link", { name: "Reconciliation" }).waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("r");
  await page.getByRole("button", { name: /OTLP traces, HTTP/ }).press("Enter");
  await page.getByRole("heading", { name: "By time, OTLP traces, HTTP" }).waitFor();
  await page.getByRole("button", { name: "Show as table" }).click();
  await page.getByRole("table", { name: "Records by time" }).getByText("Adds up").waitFor();
  await eventually(async () => new URL(page.url()).search).toBe("?source=otlp_traces_http&view=table");
  await page.reload();
  await page.getByRole("table", { name: "Records by time" }).waitFor();
});

test("a project without any records says so", async () => {
  await using opened = await openPage(browser, app);
  const { page, open } = opened;
  await open("/reconciliation?project=empty");
  await page.getByRole("heading", { name: "Nothing came in" }).waitFor();
});
