import { expect, test } from "vitest";
import { type Business, wallOf } from "./wall.ts";

function busy(changes: Partial<Business>): Business {
  return {
    collector: { all: 0.8, busiestThread: 0.7 },
    clickhouse: { all: 0.9, busiestThread: 0.4 },
    loadgen: 0.2,
    machine: 1.95,
    ...changes,
  };
}

test("a collector's thread that is always busy is the wall, however busy the machine is", () => {
  expect(wallOf(busy({ collector: { all: 1.2, busiestThread: 0.95 } }), 2)).toBe("collector thread");
});

test("a thread of the store that is always busy is the wall, too", () => {
  expect(wallOf(busy({ clickhouse: { all: 1, busiestThread: 0.97 } }), 8)).toBe("clickhouse thread");
});

test("where no thread is always busy, the machine is the wall once all its cores are busy", () => {
  expect(wallOf(busy({}), 2)).toBe("machine");
  expect(wallOf(busy({}), 8)).toBe("waiting");
});

test("the machine can be the wall where nothing is known of threads", () => {
  expect(wallOf(busy({ collector: null, clickhouse: null }), 2)).toBe("machine");
});
