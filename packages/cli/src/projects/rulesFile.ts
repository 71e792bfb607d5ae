import { AppError, changedRules, type IntakeRules, IntakeRulesChange } from "@signalbox/model";
import { type Placed, placedText, readPlacedYaml } from "@signalbox/model/placedYaml";
import type { z } from "zod";
import { readTextFile } from "../commandLine/textFile.ts";

/** Rules as written in a file, with the location of each part. */
export interface RulesFile {
  change: IntakeRulesChange;
  /** Throws `invalid_input` naming the line of the first fault. */
  applyTo(rules: IntakeRules): IntakeRules;
}

/** Reads a file of rules in YAML or JSON. Throws `invalid_input` where it is neither, or has unknown members. */
export function readRulesFile(path: string): RulesFile {
  const file = readPlacedYaml(readTextFile(path));
  if (file.unreadable !== undefined) throw wrongAt(path, file.unreadable);

  const refuse = (issue: z.core.$ZodIssue): AppError => wrongAt(path, file.place(issue, "there is no such rule"));
  const parsed = IntakeRulesChange.safeParse(file.value ?? {});
  if (!parsed.success) throw refuse(parsed.error.issues[0] as z.core.$ZodIssue);
  return {
    change: parsed.data,
    applyTo(rules) {
      const changed = changedRules(rules, parsed.data);
      if (!changed.success) throw refuse(changed.error.issues[0] as z.core.$ZodIssue);
      return changed.data;
    },
  };
}

function wrongAt(path: string, wrong: Placed): AppError {
  return new AppError("invalid_input", `${placedText(path, wrong)}.`, {
    hint: "docs/guides/redaction-and-sampling.md shows what a file of rules may say.",
  });
}
