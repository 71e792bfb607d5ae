import { AppError, type ToolDefinition, type ToolService } from "@signalbox/model";
import { expect, test } from "vitest";
import { keepDefinitions } from "./keepDefinitions.ts";

const CANCEL: ToolDefinition = { name: "cancel", description: "Cancels.", parameters: { type: "object" }, endsEpisode: false };

function countingService(refusals: number) {
  const clock = { us: 0, nowUs: () => clock.us };
  const asked: string[] = [];
  const service = {
    list: async ({ domain }: { domain: string }) => {
      asked.push(domain);
      if (asked.length <= refusals) throw new AppError("upstream_unavailable", "The tools are away.");
      return [CANCEL];
    },
  } as unknown as ToolService;
  return { asked, clock, kept: keepDefinitions(service, clock) };
}

test("a domain's tools are listed at most every few seconds", async () => {
  const { asked, clock, kept } = countingService(0);
  await Promise.all([kept.list({ domain: "airline" }), kept.list({ domain: "airline" }), kept.list({ domain: "banking" })]);
  expect(await kept.list({ domain: "airline" })).toEqual([CANCEL]);
  expect(asked).toEqual(["airline", "banking"]);
  clock.us += 5_000_000;
  await kept.list({ domain: "airline" });
  expect(asked).toEqual(["airline", "banking", "airline"]);
});

test("a refusal is not kept", async () => {
  const { kept } = countingService(1);
  await expect(kept.list({ domain: "airline" })).rejects.toMatchObject({ code: "upstream_unavailable" });
  expect(await kept.list({ domain: "airline" })).toEqual([CANCEL]);
});
