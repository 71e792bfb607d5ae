import type { LucideIcon } from "lucide-react";
import {
  ArrowDownUp,
  Binary,
  Bot,
  ChevronsRight,
  CircleDot,
  ClipboardList,
  Gauge,
  ScanSearch,
  ShieldCheck,
  Sparkles,
  Wrench,
} from "lucide-react";
import type { SpanOutline } from "./traceTree.ts";

/** The look of each kind of span: its icon, its name, and the colour of its bar. */
export const SPAN_KINDS: Record<SpanOutline["kind"], { icon: LucideIcon; label: string; text: string; bar: string }> = {
  task: { icon: ClipboardList, label: "Task", text: "text-kind-other", bar: "bg-kind-other" },
  agent: { icon: Bot, label: "Agent", text: "text-kind-agent", bar: "bg-kind-agent" },
  chain: { icon: ChevronsRight, label: "Chain", text: "text-kind-other", bar: "bg-kind-other" },
  llm: { icon: Sparkles, label: "Model call", text: "text-kind-llm", bar: "bg-kind-llm" },
  tool: { icon: Wrench, label: "Tool", text: "text-kind-tool", bar: "bg-kind-tool" },
  retriever: { icon: ScanSearch, label: "Retriever", text: "text-kind-search", bar: "bg-kind-search" },
  embedding: { icon: Binary, label: "Embedding", text: "text-kind-search", bar: "bg-kind-search" },
  reranker: { icon: ArrowDownUp, label: "Reranker", text: "text-kind-search", bar: "bg-kind-search" },
  guardrail: { icon: ShieldCheck, label: "Guardrail", text: "text-kind-guard", bar: "bg-kind-guard" },
  evaluator: { icon: Gauge, label: "Evaluator", text: "text-kind-guard", bar: "bg-kind-guard" },
  other: { icon: CircleDot, label: "Span", text: "text-kind-other", bar: "bg-kind-other" },
};
