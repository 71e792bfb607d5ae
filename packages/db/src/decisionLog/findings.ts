import type { Finding } from "@signalbox/model";

/** The most findings that are listed. */
export const FINDINGS_MAX = 1_000;

/** The first of `findingsTotal` findings. Plain values, which can be sent between threads. */
export type Findings = { findings: Finding[]; findingsTotal: number };

/** Adds a finding. */
export function note(found: Findings, finding: Finding): void {
  found.findingsTotal += 1;
  if (found.findings.length < FINDINGS_MAX) found.findings.push(finding);
}

/** Concatenates findings, in order. */
export function joined(all: readonly Findings[]): Findings {
  return {
    findings: all.flatMap(({ findings }) => findings).slice(0, FINDINGS_MAX),
    findingsTotal: all.reduce((sum, { findingsTotal }) => sum + findingsTotal, 0),
  };
}
