import type { MetricVerdict } from "../judgeOffline.ts";
import { type GateReport, judgeSentences } from "./gateReport.ts";
import { xmlText } from "./xmlText.ts";

function testCase(className: string, { name, verdict, reason }: MetricVerdict, judges: GateReport["judges"]): string {
  const head = `    <testcase classname="${xmlText(className)}" name="${xmlText(name)}" time="0"`;
  const sentences = judgeSentences({ judges: judges.filter(({ metric }) => metric === name) });
  const said = sentences.length === 0 ? "" : `<system-out>${xmlText(sentences.join("\n"))}</system-out>`;
  const element = verdict === "fail" ? "failure" : "skipped";
  const result = verdict === "pass" ? "" : `<${element} message="${xmlText(reason)}"/>`;
  return result + said === "" ? `${head}/>` : `${head}>${result}${said}</testcase>`;
}

/**
 * A report in the JUnit format of CI systems: one suite for the gate, one case for each metric. A failed metric
 * is a failure, an inconclusive one is skipped with its reason; a judged metric mentions its judge's standing.
 */
export function junitXml({ policy, metrics, judges }: GateReport): string {
  const count = (verdict: MetricVerdict["verdict"]): number => metrics.filter((metric) => metric.verdict === verdict).length;
  const counts = `tests="${metrics.length}" failures="${count("fail")}" errors="0" skipped="${count("inconclusive")}" time="0"`;
  const className = `gate.${policy.name}`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts}>`,
    `  <testsuite name="${xmlText(className)}" ${counts}>`,
    ...metrics.map((metric) => testCase(className, metric, judges)),
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}
