import { isEmptyRedaction, Redactor } from "@signalbox/model";
import type { Metrics } from "../metrics.ts";
import type { RulesByProject } from "./ruleBook.ts";

/** What is done to the telemetry of one project. */
export interface ProjectIntake {
  /** Null where nothing is redacted. */
  redactor: Redactor | null;
  /** The same for what is read again: it counts nothing. */
  quietRedactor: Redactor | null;
}

const UNCHANGED: ProjectIntake = { redactor: null, quietRedactor: null };

/** The rules of all projects, made ready to be applied. */
export class Intake {
  readonly #projects: ReadonlyMap<string, ProjectIntake>;

  constructor(rules: RulesByProject, { redacted }: Pick<Metrics, "redacted">) {
    const projects = new Map<string, ProjectIntake>();
    for (const [project, { redaction }] of rules) {
      if (isEmptyRedaction(redaction)) continue;
      const redactor = new Redactor(redaction, (rule) => redacted.inc({ project, rule }));
      projects.set(project, { redactor, quietRedactor: new Redactor(redaction) });
    }
    this.#projects = projects;
  }

  of(project: string): ProjectIntake {
    return this.#projects.get(project) ?? UNCHANGED;
  }
}
