import type { MetricVerdict } from "../judgeOffline.ts";
import type { GateReport } from "./gateReport.ts";
import { xmlText } from "./xmlText.ts";

function testCase(className: string, { name, verdict, reason }: MetricVerdict): string {
  const head = `    <testcase classname="${xmlText(className)}" name="${xmlText(name)}" time="0"`;
  if (verdict === "pass") return `${head}/>`;
  const element = verdict === "fail" ? "failure" : "skipped";
  return `${head}><${element} message="${xmlText(reason)}"/></testcase>`;
}

/** A report in the JUnit form that CI systems show: a suite of the gate, a case of each metric. A metric that failed is a failure, an inconclusive one is skipped with its reason. */
export function junitXml({ policy, metrics }: GateReport): string {
  const count = (verdict: MetricVerdict["verdict"]): number => metrics.filter((metric) => metric.verdict === verdict).length;
  const counts = `tests="${metrics.length}" failures="${count("fail")}" errors="0" skipped="${count("inconclusive")}" time="0"`;
  const className = `gate.${policy.name}`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts}>`,
    `  <testsuite name="${xmlText(className)}" ${counts}>`,
    ...metrics.map((metric) => testCase(className, metric)),
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}
