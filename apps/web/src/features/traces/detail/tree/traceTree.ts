import type { RouterOutputs } from "@signalbox/api/client";

/** A span without its bodies, as the trace page gets it. */
export type SpanOutline = RouterOutputs["traces"]["get"]["spans"][number];

/**
 * A span in the tree. `startNs` counts from the trace's start; `descendants` are the nodes below it, which follow it in the tree's order.
 * `place` counts from 1 among its parent's children. `lost` is set for a node that does not belong at the top: its parent was not received,
 * or they form a cycle. `isSkewed` if it began before its parent, because two clocks disagree.
 */
export type SpanNode = {
  span: SpanOutline;
  parent: SpanNode | null;
  children: SpanNode[];
  depth: number;
  place: number;
  descendants: number;
  errorsBelow: number;
  startNs: number;
  durationNs: number;
  lost: "parent_not_received" | "circle" | null;
  isSkewed: boolean;
};

/** A trace's spans as a tree. `order` is depth first, siblings by start. `durationNs` is from the first start to the last end. */
export type TraceTree = { order: SpanNode[]; byId: ReadonlyMap<string, SpanNode>; durationNs: number };

/**
 * Builds the tree; `spans` are in the order of their starts. Linear in their number, and not recursive, since a chain may be as long as the
 * trace.
 */
export function buildTree(spans: readonly SpanOutline[]): TraceTree {
  const start = spans.reduce((least, span) => minOf(least, BigInt(span.startTimeUnixNano)), BigInt(spans[0]?.startTimeUnixNano ?? 0));
  const byId = new Map<string, SpanNode>();
  for (const span of spans) byId.set(span.spanId, nodeOf(span, start));

  const tops: SpanNode[] = [];
  for (const node of byId.values()) {
    const { parentSpanId } = node.span;
    const parent = parentSpanId === null ? undefined : byId.get(parentSpanId);
    if (parent === undefined || parent === node) {
      if (parentSpanId !== null) node.lost = parent === undefined ? "parent_not_received" : "circle";
      tops.push(node);
      continue;
    }
    node.parent = parent;
    node.isSkewed = node.startNs < parent.startNs;
    parent.children.push(node);
  }

  const order = depthFirst(tops);
  if (order.length < byId.size) order.push(...brokenCircles(byId, new Set(order)));
  for (const node of order.toReversed()) {
    if (node.parent === null) continue;
    node.parent.descendants += 1 + node.descendants;
    node.parent.errorsBelow += node.errorsBelow + (node.span.status === "error" ? 1 : 0);
  }
  return { order, byId, durationNs: order.reduce((end, node) => Math.max(end, node.startNs + node.durationNs), 0) };
}

const minOf = (a: bigint, b: bigint): bigint => (a < b ? a : b);

function nodeOf(span: SpanOutline, traceStart: bigint): SpanNode {
  const start = BigInt(span.startTimeUnixNano);
  const durationNs = Math.max(0, Number(BigInt(span.endTimeUnixNano) - start));
  const startNs = Number(start - traceStart);
  return {
    span,
    parent: null,
    children: [],
    depth: 0,
    place: 1,
    descendants: 0,
    errorsBelow: 0,
    startNs,
    durationNs,
    lost: null,
    isSkewed: false,
  };
}

/** The nodes below `tops`, each before its children. Sets their depth and place. */
function depthFirst(tops: readonly SpanNode[]): SpanNode[] {
  const order: SpanNode[] = [];
  const waiting = tops.toReversed();
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    node.depth = node.parent === null ? 0 : node.parent.depth + 1;
    order.push(node);
    for (const [index, child] of node.children.entries()) child.place = index + 1;
    waiting.push(...node.children.toReversed());
  }
  return order;
}

/** Nodes not reached from the top form cycles: each cycle is cut at its first span, which is shown at the top. */
function brokenCircles(byId: ReadonlyMap<string, SpanNode>, reached: Set<SpanNode>): SpanNode[] {
  const found: SpanNode[] = [];
  for (const node of byId.values()) {
    if (reached.has(node)) continue;
    if (node.parent !== null) node.parent.children = node.parent.children.filter((child) => child !== node);
    node.parent = null;
    node.lost = "circle";
    const below = depthFirst([node]);
    for (const each of below) reached.add(each);
    found.push(...below);
  }
  return found;
}

/** The nodes to show as rows, in order: none below a collapsed one, and with `errorsOnly` only failed ones and their ancestors. */
export function visibleNodes(tree: TraceTree, collapsed: ReadonlySet<string>, errorsOnly: boolean): SpanNode[] {
  const visible: SpanNode[] = [];
  for (let index = 0; index < tree.order.length; index += 1) {
    const node = tree.order[index];
    if (node === undefined) break;
    if (!errorsOnly || node.errorsBelow > 0 || node.span.status === "error") visible.push(node);
    if (collapsed.has(node.span.spanId)) index += node.descendants;
  }
  return visible;
}

/** The ancestors of a span, which must be expanded for it to be visible. */
export function ancestorsOf(tree: TraceTree, spanId: string): string[] {
  const ancestors: string[] = [];
  for (let node = tree.byId.get(spanId)?.parent ?? null; node !== null; node = node.parent) ancestors.push(node.span.spanId);
  return ancestors;
}

/** The ids of the spans that contain `text`, ignoring case, in the tree's order. */
export function matchesOf(tree: TraceTree, text: string): string[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === "") return [];
  return tree.order
    .filter(({ span }) =>
      [span.name, span.model, span.agent, span.toolName, span.kind, span.service, span.spanId, span.statusMessage].some((word) =>
        word?.toLowerCase().includes(wanted),
      ),
    )
    .map(({ span }) => span.spanId);
}
