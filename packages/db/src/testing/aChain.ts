import { CHAIN_START, type Decision, decisionHash, traceIdOf } from "@signalbox/model";

/** A task's sealed decisions. `trace` is a word from which the trace's id is made; each decision overrides the fields of a plain one. */
export function aChain(trace: string, decisions: readonly Partial<Decision>[]): Decision[] {
  const chain: Decision[] = [];
  for (const [seq, given] of decisions.entries()) {
    const unsealed: Omit<Decision, "hash"> = {
      project: "default",
      taskId: `task-${trace}`,
      seq,
      kind: "planned",
      time: new Date(1_795_435_200_000 + seq * 50).toISOString(),
      actor: { service: "planning", version: "1" },
      attempt: 1,
      traceId: traceIdOf(trace),
      spanId: null,
      chosen: `move ${seq}`,
      confidence: null,
      reason: "",
      detail: {},
      ...given,
      prevHash: chain.at(-1)?.hash ?? CHAIN_START,
    };
    chain.push({ ...unsealed, hash: decisionHash(unsealed) });
  }
  return chain;
}
