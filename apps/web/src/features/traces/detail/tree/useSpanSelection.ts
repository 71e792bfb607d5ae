"use client";
import { useMemo, useState } from "react";
import { ancestorsOf, matchesOf, type SpanNode, type TraceTree, visibleNodes } from "./traceTree.ts";

const NONE: ReadonlySet<string> = new Set();

/** The visible rows of the tree, the search in it, and the selection. `selectedId` comes from the URL, `onSelect` writes it there. */
export function useSpanSelection(tree: TraceTree, selectedId: string | null, onSelect: (spanId: string) => void) {
  const [collapsed, setCollapsed] = useState(NONE);
  const [errorsOnly, setErrorsOnly] = useState(false);
  const [text, setText] = useState("");
  const rows = useMemo(() => visibleNodes(tree, collapsed, errorsOnly), [tree, collapsed, errorsOnly]);
  const matches = useMemo(() => matchesOf(tree, text), [tree, text]);
  const matchSet = useMemo(() => new Set(matches), [matches]);

  /** Selects a span and expands its ancestors. */
  const reveal = (spanId: string): void => {
    const hiding = ancestorsOf(tree, spanId).filter((ancestor) => collapsed.has(ancestor));
    if (hiding.length > 0) setCollapsed(new Set([...collapsed].filter((id) => !hiding.includes(id))));
    onSelect(spanId);
  };
  const step = (ids: readonly string[], by: 1 | -1): void => {
    if (ids.length === 0) return;
    const at = selectedId === null ? -1 : ids.indexOf(selectedId);
    const next = at < 0 ? (by === 1 ? 0 : ids.length - 1) : (at + by + ids.length) % ids.length;
    const id = ids[next];
    if (id !== undefined) reveal(id);
  };
  return {
    rows,
    collapsed,
    toggle: (spanId: string): void => {
      const next = new Set(collapsed);
      if (!next.delete(spanId)) next.add(spanId);
      setCollapsed(next);
    },
    expandAll: () => setCollapsed(NONE),
    collapseAll: () => setCollapsed(new Set(tree.order.filter(isParentBelowTop).map(({ span }) => span.spanId))),
    errorsOnly,
    setErrorsOnly,
    text,
    setText,
    matches,
    matchSet,
    matchIndex: selectedId === null ? -1 : matches.indexOf(selectedId),
    nextMatch: (by: 1 | -1) => step(matches, by),
    reveal,
    /** Moves the selection by one row; it stays at the ends. */
    move: (by: 1 | -1): void => {
      const at = rows.findIndex((node) => node.span.spanId === selectedId);
      const target = rows[Math.max(0, Math.min(rows.length - 1, at + by))];
      if (target !== undefined) reveal(target.span.spanId);
    },
  };
}

/** The top nodes stay open when all is collapsed: a trace of one row would say nothing. */
const isParentBelowTop = (node: SpanNode): boolean => node.children.length > 0 && node.depth > 0;
