import { expect, test } from "vitest";
import { ancestorsOf, buildTree, matchesOf, type SpanOutline, visibleNodes } from "./traceTree.ts";

const BASE = 1_795_392_000_000_000_000n;

function aSpan(
  spanId: string,
  parentSpanId: string | null,
  given: Partial<SpanOutline> & { at?: number; lasts?: number } = {},
): SpanOutline {
  const { at = 0, lasts = 10, ...rest } = given;
  return {
    spanId,
    parentSpanId,
    name: `span ${spanId}`,
    kind: "chain",
    service: "s",
    startTimeUnixNano: String(BASE + BigInt(at)),
    endTimeUnixNano: String(BASE + BigInt(at + lasts)),
    status: "ok",
    statusMessage: "",
    model: null,
    agent: null,
    toolName: null,
    inputTokens: null,
    outputTokens: null,
    usageIsEstimate: false,
    costUsd: null,
    costIsEstimate: false,
    ...rest,
  };
}

const NOTHING: ReadonlySet<string> = new Set();
const idsOf = (nodes: readonly { span: SpanOutline }[]) => nodes.map(({ span }) => span.spanId);

test("children follow their parent, siblings by their start", () => {
  const tree = buildTree([aSpan("root", null), aSpan("a", "root", { at: 1 }), aSpan("b", "root", { at: 2 }), aSpan("a1", "a", { at: 3 })]);
  expect(tree.order.map(({ span, depth }) => `${span.spanId}${depth}`)).toEqual(["root0", "a1", "a12", "b1"]);
  expect(tree.byId.get("root")?.descendants).toBe(3);
  expect(tree.order.map(({ place }) => place)).toEqual([1, 1, 1, 2]);
});

test("a span whose parent was not received is at the top and says so", () => {
  const tree = buildTree([aSpan("root", null), aSpan("lost", "nowhere", { at: 5 })]);
  expect(tree.byId.get("lost")).toMatchObject({ depth: 0, lost: "parent_not_received" });
  expect(tree.byId.get("root")?.lost).toBeNull();
});

test("spans in a parent cycle are all shown", () => {
  const tree = buildTree([aSpan("a", "c"), aSpan("b", "a"), aSpan("c", "b"), aSpan("self", "self")]);
  expect(idsOf(tree.order).toSorted()).toEqual(["a", "b", "c", "self"]);
  expect(tree.byId.get("self")?.lost).toBe("circle");
});

test("a child that began before its parent is marked, and moves the trace's start", () => {
  const tree = buildTree([aSpan("root", null, { at: 100 }), aSpan("early", "root", { at: 40, lasts: 200 })]);
  expect(tree.byId.get("early")).toMatchObject({ isSkewed: true, startNs: 0 });
  expect(tree.byId.get("root")?.startNs).toBe(60);
  expect(tree.durationNs).toBe(200);
});

test("a trace whose spans took no time has a duration of none", () => {
  expect(buildTree([aSpan("root", null, { lasts: 0 })]).durationNs).toBe(0);
});

test("a collapsed span hides all below it and nothing else", () => {
  const tree = buildTree([aSpan("root", null), aSpan("a", "root"), aSpan("a1", "a"), aSpan("b", "root")]);
  expect(idsOf(visibleNodes(tree, new Set(["a"]), false))).toEqual(["root", "a", "b"]);
});

test("errors only keeps what leads to a failed span", () => {
  const tree = buildTree([aSpan("root", null), aSpan("a", "root"), aSpan("a1", "a", { status: "error" }), aSpan("b", "root")]);
  expect(idsOf(visibleNodes(tree, NOTHING, true))).toEqual(["root", "a", "a1"]);
  expect(tree.byId.get("root")?.errorsBelow).toBe(1);
});

test("the path to a span, and the spans that contain a text", () => {
  const tree = buildTree([aSpan("root", null), aSpan("a", "root"), aSpan("a1", "a", { toolName: "Größe" })]);
  expect(ancestorsOf(tree, "a1")).toEqual(["a", "root"]);
  expect(matchesOf(tree, "GRÖSSE")).toEqual([]);
  expect(matchesOf(tree, "größe")).toEqual(["a1"]);
  expect(matchesOf(tree, " ")).toEqual([]);
});

test("a chain of 20,000 spans is built without recursion", () => {
  const chain = Array.from({ length: 20_000 }, (_, index) => aSpan(`s${index}`, index === 0 ? null : `s${index - 1}`, { at: index }));
  const tree = buildTree(chain);
  expect(tree.order).toHaveLength(20_000);
  expect(tree.byId.get("s0")?.descendants).toBe(19_999);
});
