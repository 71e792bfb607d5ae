import { isEmptyRedaction, Redactor } from "@signalbox/model";
import type { WriterMetrics } from "../metrics.ts";
import type { RulesByProject } from "./ruleBook.ts";

/** The processing of one project's telemetry at intake. */
export interface ProjectIntake {
  /** Null if nothing is redacted. */
  redactor: Redactor | null;
  /** The same redactor without counting, for telemetry that is read a second time. */
  quietRedactor: Redactor | null;
  /** The share of the project's traces that is kept, 0 to 1. */
  headShare: number;
}

const UNCHANGED: ProjectIntake = { redactor: null, quietRedactor: null, headShare: 1 };

/** The rules of all projects, prepared for use. */
export class Intake {
  readonly #projects: ReadonlyMap<string, ProjectIntake>;

  constructor(rules: RulesByProject, { redacted }: Pick<WriterMetrics, "redacted">) {
    const projects = new Map<string, ProjectIntake>();
    for (const [project, { redaction, sampling }] of rules) {
      const isRedacted = !isEmptyRedaction(redaction);
      projects.set(project, {
        redactor: isRedacted ? new Redactor(redaction, (rule) => redacted.inc({ project, rule })) : null,
        quietRedactor: isRedacted ? new Redactor(redaction) : null,
        headShare: sampling.headShare,
      });
    }
    this.#projects = projects;
  }

  of(project: string): ProjectIntake {
    return this.#projects.get(project) ?? UNCHANGED;
  }
}
