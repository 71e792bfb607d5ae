import { IntakeRules } from "@signalbox/model";
import { createMetrics } from "../metrics.ts";
import { Intake, type RuleSource } from "../rules/index.ts";

/** Rules that redact nothing and keep every trace of every project. */
export function noRules(): Intake {
  return new Intake(new Map(), createMetrics({ journalBytes: () => 0, waiting: () => [], oldestUnwrittenMs: () => null, clock: Date.now }));
}

/** A source of rules with some for project `default`; `change` replaces them. */
export function someRules(redaction: object, sampling: object = {}): RuleSource & { change(redaction: object): void } {
  let rules = IntakeRules.parse({ redaction, sampling });
  return {
    listIntakeRules: async () => new Map([["default", rules]]),
    change(redaction) {
      rules = IntakeRules.parse({ redaction, sampling });
    },
  };
}
