import { open, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { IntakeRules } from "@signalbox/model";
import type { Logger } from "pino";
import { z } from "zod";
import { syncFolder } from "../journal/index.ts";
import type { RulesByProject } from "./ruleBook.ts";

const Saved = z.array(z.tuple([z.string(), IntakeRules]));

/**
 * The rules under which batches are written, on disk beside the journal: a batch that a crash interrupted is written again under the rules
 * that it was begun with, so that its rows and the tokens of its inserts are the same. Rules change only between batches.
 */
export class RulesInForce {
  readonly #path: string;
  readonly #folder: string;
  /** The rules on disk; null if they cannot be read. */
  current: RulesByProject | null;

  private constructor(folder: string, path: string, current: RulesByProject | null) {
    this.#folder = folder;
    this.#path = path;
    this.current = current;
  }

  /** Opens the rules in a journal's folder; there are none if nothing was written yet. */
  static async open(folder: string, log: Logger): Promise<RulesInForce> {
    const path = join(folder, "rules");
    const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return "[]";
      throw error;
    });
    const current = readRules(text);
    if (current === null) log.error("the rules that the last batches were written under cannot be read; those of now take their place");
    return new RulesInForce(folder, path, current);
  }

  /** Resolves when `rules` are on disk and in force. */
  async change(rules: RulesByProject): Promise<void> {
    const draft = await open(`${this.#path}.new`, "w", 0o600);
    try {
      await draft.writeFile(JSON.stringify([...rules]));
      await draft.sync();
    } finally {
      await draft.close();
    }
    await rename(`${this.#path}.new`, this.#path);
    await syncFolder(this.#folder);
    this.current = rules;
  }
}

function readRules(text: string): RulesByProject | null {
  try {
    return new Map(Saved.parse(JSON.parse(text)));
  } catch {
    return null;
  }
}
