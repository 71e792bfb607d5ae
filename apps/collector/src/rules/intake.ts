import { isEmptyRedaction, Redactor } from "@signalbox/model";
import type { WriterMetrics } from "../metrics.ts";
import type { RulesByProject } from "./ruleBook.ts";

/** What is done to the telemetry of one project. */
export interface ProjectIntake {
  /** Null where nothing is redacted. */
  redactor: Redactor | null;
  /** The same for what is read again: it counts nothing. */
  quietRedactor: Redactor | null;
  /** How many of its traces are kept, 0 to 1. */
  headShare: number;
}

const UNCHANGED: ProjectIntake = { redactor: null, quietRedactor: null, headShare: 1 };

/** The rules of all projects, made ready to be applied. */
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
