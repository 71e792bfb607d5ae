import { expect, test } from "vitest";
import { aGateReport } from "./aGateReport.ts";
import { junitXml } from "./junitXml.ts";

test("a metric that failed is a failure with its reason, one that passed has nothing to say", () => {
  expect(junitXml(aGateReport(6))).toMatchInlineSnapshot(`
    "<?xml version="1.0" encoding="UTF-8"?>
    <testsuites tests="1" failures="1" errors="0" skipped="0" time="0">
      <testsuite name="gate.support-agent" tests="1" failures="1" errors="0" skipped="0" time="0">
        <testcase classname="gate.support-agent" name="passed" time="0"><failure message="passed changed by -0.15 (90 % interval -0.265 to -0.0771, 40 items): it regressed."/></testcase>
      </testsuite>
    </testsuites>
    "
  `);
  expect(junitXml(aGateReport(0))).toContain('<testcase classname="gate.support-agent" name="passed" time="0"/>');
});

test("one that is inconclusive is skipped, and names are escaped", () => {
  const xml = junitXml(aGateReport(2, 'a<b & "c"'));
  expect(xml).toContain('failures="0" errors="0" skipped="1"');
  expect(xml).toMatch(/name="a&lt;b &amp; &quot;c&quot;" time="0"><skipped message="a&lt;b [^<]*"\/><\/testcase>/);
});

test("what a judge scored says how far that one is to be believed, whether it passed or failed", () => {
  const judges = [
    { metric: "passed", judge: "judge:one", words: "uncalibrated: nobody has compared this judge with people" },
    { metric: "another", judge: "judge:two", words: "not of this case" },
  ];
  const said = "<system-out>passed (judge:one): uncalibrated: nobody has compared this judge with people</system-out></testcase>";
  expect(junitXml({ ...aGateReport(0), judges })).toContain(`name="passed" time="0">${said}`);
  expect(junitXml({ ...aGateReport(6), judges })).toContain(`it regressed."/>${said}`);
  expect(junitXml({ ...aGateReport(6), judges })).not.toContain("not of this case");
});
