import { expect, test } from "vitest";
import { anAnswer, anItem } from "../tryBuilders.ts";
import { trajectory } from "./trajectory.ts";

const call = (name: string, id = 1) => ({ name, arguments: { id, by: "x" } });
const judge = (options: object, given: ReturnType<typeof call>[] | null, expected = [call("find"), call("book")]) =>
  trajectory.make(options)(anItem({ expectedToolCalls: expected }), anAnswer({ toolCalls: given }));

test("strict: the same calls in the same order; the first difference is named", () => {
  expect(judge({}, [{ name: "find", arguments: { by: "x", id: 1 } }, call("book")])).toMatchObject({ passed: true });
  expect(judge({}, [call("book"), call("find")])).toMatchObject({ passed: false, explanation: expect.stringMatching(/^call 1 is book/) });
  expect(judge({}, [call("find"), call("book"), call("pay")])).toMatchObject({
    explanation: expect.stringMatching(/^call 3 is pay.*no more$/),
  });
});

test("unordered: each as often as expected, in any order", () => {
  expect(judge({ mode: "unordered" }, [call("book"), call("find")])).toMatchObject({ passed: true });
  expect(judge({ mode: "unordered" }, [call("find"), call("book"), call("book")])).toMatchObject({ passed: false });
});

test("subset: what is expected is among the calls", () => {
  expect(judge({ mode: "subset" }, [call("look"), call("book"), call("find")])).toMatchObject({ passed: true });
  expect(judge({ mode: "subset" }, [call("find"), call("book", 2)])).toMatchObject({ passed: false });
});

test("arguments may be left out of it, and a target that told no calls does not pass", () => {
  expect(judge({ names: true }, [call("find", 7), call("book", 8)])).toMatchObject({ passed: true });
  expect(judge({ mode: "subset" }, null, [])).toMatchObject({ passed: false });
});
