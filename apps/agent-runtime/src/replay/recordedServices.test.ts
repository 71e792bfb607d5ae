import { expect, test } from "vitest";
import { substituteFor } from "./recordedServices.ts";

test("a tool has the answers that a plan gives for its name, and one that no plan names has none, whatever it is called", () => {
  const answer = { output: "no", isError: true, endsEpisode: false };
  const called = (name: string) => substituteFor({ think: [answer] }, { call: { name, arguments: {} } });
  expect(called("think")).toEqual({ ...answer, replayed: false });
  expect([called("toString"), called("constructor")]).toEqual([null, null]);
});
