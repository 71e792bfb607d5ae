import { expect, test } from "vitest";
import { againRequests } from "./againRequests.ts";

test("a form has another boundary each time, which nobody can put into a part before", () => {
  const record = { reason: 'the part "post.1" cannot be read: it is no JSON', record: "{" };
  const types = [1, 2].map(() => againRequests("langsmith", [record]).requests[0]?.contentType);
  expect(new Set(types).size).toBe(2);
});
