import type { Finding } from "@signalbox/model";

/** So many findings are told. */
export const FINDINGS_MAX = 1_000;

/** What was found: of `findingsTotal` things that are wrong the first. Plain values, for other threads. */
export type Findings = { findings: Finding[]; findingsTotal: number };

/** Notes something that is wrong. */
export function note(found: Findings, finding: Finding): void {
  found.findingsTotal += 1;
  if (found.findings.length < FINDINGS_MAX) found.findings.push(finding);
}

/** What was found in several places, in their order. */
export function joined(all: readonly Findings[]): Findings {
  return {
    findings: all.flatMap(({ findings }) => findings).slice(0, FINDINGS_MAX),
    findingsTotal: all.reduce((sum, { findingsTotal }) => sum + findingsTotal, 0),
  };
}
