import { BUILT_IN_NAMES, DEFAULT_PROJECT, KEY_KINDS, KEY_SCOPES, RETENTION_DAYS_MAX } from "@signalbox/model";
import { Argument, Command, CommanderError, Option } from "commander";
import manifest from "../package.json" with { type: "json" };
import { withBenchIngestOptions } from "./bench/benchIngestOptions.ts";
import { withBenchIntentsOptions } from "./bench/intents/benchIntentsOptions.ts";
import { withBenchMemoryOptions } from "./bench/memory/benchMemoryOptions.ts";
import { withBenchQueryOptions } from "./bench/query/benchQueryOptions.ts";
import { withBenchRuntimeOptions } from "./bench/runtime/benchRuntimeOptions.ts";
import { CommandOutput, type Streams } from "./commandLine/commandOutput.ts";
import { EXIT, type ExitCode } from "./commandLine/exitCode.ts";
import { type Act, addVerb, each, eachOf, number, share, wholeNumber } from "./commandLine/verb.ts";
import { withDiscardOptions } from "./deadLetters/discardOptions.ts";
import { withLetterFlags } from "./deadLetters/letterFlags.ts";
import { withReplayOptions } from "./deadLetters/replayOptions.ts";
import { withLoadgenOptions } from "./loadgen/loadgenOptions.ts";
import { withTaskReplayOptions } from "./replay/taskReplayOptions.ts";
import { COPIES_MAX } from "./supervisor/topology.ts";

/** The most demo tasks one start may ask for. */
const DEMO_TASKS_MAX = 10_000;

/** Of ten questions that no intent covers, eight are refused, unless told otherwise. */
const OUT_OF_SCOPE_REFUSED = 0.8;

/** Lets a verb do its work; `finish` is told the exit code. The work's module is loaded only when its verb is called: the stores' clients take longer to load than `--help` to answer. */
function acts<Flags>(load: () => Promise<Act<Flags>>, context: Context): (...given: unknown[]) => Promise<void> {
  return async (...given) => {
    const command = given.at(-1) as Command;
    const act = await load();
    const exitCode = await act({ output: context.output, env: context.env, args: command.args, flags: command.opts<Flags & object>() });
    context.finish(exitCode);
  };
}

interface Context {
  output: CommandOutput;
  env: NodeJS.ProcessEnv;
  finish: (exitCode: ExitCode) => void;
}

/** The commands that `signalbox` understands. */
function signalboxProgram(context: Context): Command {
  const program = new Command("signalbox")
    .description("The control plane for AI agents in production: run, watch, score, gate, replay.")
    .version(manifest.version, "--version", "print the version")
    .exitOverride()
    .configureOutput({ outputError: () => {} })
    .addHelpText(
      "after",
      "\nExample:\n  $ ./signalbox up\n\nExit codes: 0 pass · 1 the check failed · 2 usage · 3 inconclusive · 4 infrastructure",
    );

  addVerb(program, {
    usage: "up",
    summary: "Start every part, keep them running, stop them on Ctrl-C",
    example: "./signalbox up --port-offset 100",
  })
    .option("--no-demo", "do not run the demo's tasks")
    .option("--demo-tasks <n>", "how many tasks the demo runs", wholeNumber(1, DEMO_TASKS_MAX))
    .addOption(
      new Option(
        "--topology <kind>",
        "prototype: the agent's services run in its worker; staging: several copies of each in processes of their own (default: SIGNALBOX_TOPOLOGY, else prototype)",
      ).choices(["prototype", "staging"]),
    )
    .option("--copies <n>", "how many copies in staging (default: SIGNALBOX_COPIES, else 2)", wholeNumber(1, COPIES_MAX))
    .action(acts(async () => (await import("./up/up.ts")).up, context));

  addVerb(program, {
    usage: "roll",
    summary: "Replace what runs in copies by new processes, one by one, so that nobody is refused: after the code has changed",
    example: "./signalbox roll",
  }).action(acts(async () => (await import("./up/roll.ts")).roll, context));

  addVerb(program, {
    usage: "status",
    summary: "Ask every part whether it works, and add up what became of the last hour's records",
    example: "./signalbox status --json",
  }).action(acts(async () => (await import("./status/status.ts")).status, context));

  addVerb(program, {
    usage: "doctor",
    summary: "Check whether this machine can run Signalbox, and say what to do",
    example: "./signalbox doctor",
  }).action(acts(async () => (await import("./doctor/doctor.ts")).doctor, context));

  addVerb(program, {
    usage: "backup <folder>",
    summary: "Write everything that both stores hold into a new folder, while Signalbox runs",
    example: "./signalbox backup /backups/2026-11-26",
  }).action(acts(async () => (await import("./backup/backupVerb.ts")).backup, context));
  addVerb(program, {
    usage: "restore <folder>",
    summary: "Check a backup and load it into an empty data folder",
    example: "./signalbox restore /backups/2026-11-26 --data-dir ./restored",
  }).action(acts(async () => (await import("./backup/restoreVerb.ts")).restore, context));

  addVerb(program, {
    usage: "erase",
    summary: "Erase the telemetry of one trace, user or session for good: every trace in which it is named, whole",
    example: "./signalbox erase --project shop --user ann@example.org --dry-run",
  })
    .option("--project <name>", "the project to look in", DEFAULT_PROJECT)
    .option("--trace <id>", "the trace, as 32 hex digits")
    .option("--user <id>", "every trace of a user, as senders name it")
    .option("--session <id>", "every trace of a session")
    .option("--dry-run", "show what would go, and change nothing")
    .action(acts(async () => (await import("./erase/eraseVerb.ts")).erase, context));

  const deadLetters = program.command("dlq").description("Dead letters: tasks that were given up, with their whole history");
  withLetterFlags(
    addVerb(deadLetters, {
      usage: "list",
      summary: "Show dead letters by how they failed, those that failed alike together; or one by one",
      example: "./signalbox dlq list --cause kills_worker",
    }),
    DEFAULT_PROJECT,
  )
    .option("--letters", "show the letters themselves, the one that failed last first")
    .option("--limit <n>", "how many groups or letters", wholeNumber(1, 1_000), 50)
    .action(acts(async () => (await import("./deadLetters/listVerb.ts")).dlqList, context));
  addVerb(deadLetters, {
    usage: "show <id|fingerprint>",
    summary: "Show a dead letter whole, with its payload, attempts and decisions; or a group, with its latest letters",
    example: "./signalbox dlq show 9f31c2d4a0b17e55",
  })
    .option("--project <name>", "whose dead letters", DEFAULT_PROJECT)
    .action(acts(async () => (await import("./deadLetters/showVerb.ts")).dlqShow, context));
  const redriveVerbs = () => import("./deadLetters/redriveVerbs.ts");
  withReplayOptions(
    addVerb(deadLetters, {
      usage: "replay [ids...]",
      summary: "Put dead letters back in line: some, a group, or what a filter finds; what they did already is not done again",
      example: "./signalbox dlq replay --group 9f31c2d4a0b17e55 --try-first 5 --rate 50 --reason 'the tool is back' --yes 120 --wait",
    }),
  ).action(acts(async () => (await import("./deadLetters/replayVerb.ts")).dlqReplay, context));
  withDiscardOptions(
    addVerb(deadLetters, {
      usage: "discard [ids...]",
      summary: "Give dead letters up for good, for a reason",
      example: "./signalbox dlq discard --text 'overhead bin' --reason 'not our business' --yes 12",
    }),
  ).action(acts(async () => (await import("./deadLetters/discardVerb.ts")).dlqDiscard, context));
  addVerb(deadLetters, {
    usage: "redrives [id]",
    summary: "Show the last redrives, or one with its letters",
    example: "./signalbox dlq redrives",
  })
    .option("--project <name>", "whose redrives", DEFAULT_PROJECT)
    .action(acts(async () => (await redriveVerbs()).dlqRedrives, context));
  for (const [steer, summary] of [
    ["pause", "Put no more letters of a redrive back in line until it is resumed"],
    ["resume", "Let a redrive go on that was paused, or that was stopped because its first letters failed again"],
    ["abort", "End a redrive: what is back in line runs to its end, what is not is let go"],
  ] as const)
    addVerb(deadLetters, {
      usage: `${steer} <redrive>`,
      summary,
      example: `./signalbox dlq ${steer} 7d3c0c51-58a6-4d51-9a4c-0c8b4d1e2f3a --reason 'the tool is slow'`,
    })
      .option("--project <name>", "whose redrive", DEFAULT_PROJECT)
      .requiredOption("--reason <text>", "why, for the record")
      .action(acts(async () => (await redriveVerbs()).dlqSteer(steer), context));
  addVerb(deadLetters, {
    usage: "audit [subject]",
    summary: "Show who did what about dead letters, and why; with a subject, about one redrive, rule, group or letter",
    example: "./signalbox dlq audit",
  })
    .option("--project <name>", "whose dead letters", DEFAULT_PROJECT)
    .action(acts(async () => (await redriveVerbs()).dlqAudit, context));
  const redriveRules = deadLetters.command("rules").description("By which rules dead letters are redriven without a person");
  const redriveRuleVerbs = () => import("./deadLetters/ruleVerbs.ts");
  addVerb(redriveRules, {
    usage: "list",
    summary: "Show the rules, and how much of their budgets is used",
    example: "./signalbox dlq rules list",
  })
    .option("--project <name>", "whose rules", DEFAULT_PROJECT)
    .action(acts(async () => (await redriveRuleVerbs()).ruleList, context));
  addVerb(redriveRules, {
    usage: "create <name>",
    summary: "Redrive letters of a group, an error class or both, within a budget",
    example: "./signalbox dlq rules create tool-away --error-class upstream_unavailable --max 100 --minutes 10 --reason 'it passes'",
  })
    .option("--project <name>", "whose rule", DEFAULT_PROJECT)
    .option("--group <fingerprint>", "letters of this group")
    .option("--error-class <class>", "letters whose last attempt ended in an error of this class")
    .requiredOption("--max <n>", "how many letters at most in the minutes", wholeNumber(1, 10_000))
    .requiredOption("--minutes <n>", "the length of the budget's window", wholeNumber(1, 10_080))
    .option("--runs <n>", "leave tasks alone that ran more often than so", wholeNumber(1, 100), 2)
    .requiredOption("--reason <text>", "why, for the record")
    .action(acts(async () => (await redriveRuleVerbs()).ruleCreate, context));
  addVerb(redriveRules, {
    usage: "delete <name>",
    summary: "End a rule; redrives that it made go on",
    example: "./signalbox dlq rules delete tool-away --reason 'the tool is fixed'",
  })
    .option("--project <name>", "whose rule", DEFAULT_PROJECT)
    .requiredOption("--reason <text>", "why, for the record")
    .action(acts(async () => (await redriveRuleVerbs()).ruleDelete, context));

  const decisions = program.command("decisions").description("The log of what was decided, and that nobody has rewritten it");
  addVerb(decisions, {
    usage: "verify",
    summary: "Find whatever was edited, removed, put in or moved in the decision log up to its last checkpoint, and say where",
    example: "./signalbox decisions verify --public-key ./kept/signalbox.pem --heads ./kept/heads.jsonl",
  })
    .option("--task <id>", "one task's chain alone, and the checkpoints")
    .option("--since <checkpoint|time>", "only what has news since a checkpoint (its number), or since the last one before a time")
    .option("--public-key <file>", "the key, or keys, that checkpoints must be signed with (default: the data folder's own)")
    .option(
      "--heads <file>",
      "checkpoints that were exported: those in the store must be the same (default: the last one that the data folder keeps)",
    )
    .option(
      "--accept-erasure <id:entries>",
      "an erasure that was asked for, and how many entries it took; may be given more than once",
      each,
    )
    .action(acts(async () => (await import("./decisions/verifyVerb.ts")).decisionsVerify, context));
  addVerb(decisions, {
    usage: "export",
    summary:
      "Print the decision log's checkpoints, a line of JSON for each, to be kept outside the store: verify --heads compares with them",
    example: "./signalbox decisions export > heads.jsonl",
  })
    .option("--after <n>", "only those after the checkpoint of this number", wholeNumber(0, 2 ** 31 - 1), 0)
    .action(acts(async () => (await import("./decisions/exportVerb.ts")).decisionsExport, context));
  addVerb(decisions, {
    usage: "public-key",
    summary: "Print the public key of the decision log's checkpoints, to be kept elsewhere",
    example: "./signalbox decisions public-key > signalbox.pem",
  }).action(acts(async () => (await import("./decisions/publicKeyVerb.ts")).decisionsPublicKey, context));

  addVerb(decisions, {
    usage: "rebuild",
    summary: "Compare every task's status, run, attempts, error and head with what its decisions give, and write it where it is off",
    example: "./signalbox decisions rebuild --dry-run",
  })
    .option("--dry-run", "show what is off, and change nothing")
    .action(acts(async () => (await import("./decisions/rebuildVerb.ts")).decisionsRebuild, context));

  const projects = program.command("project").description("Rooms of their own for the telemetry of different products");
  addVerb(projects, { usage: "list", summary: "Show every project", example: "./signalbox project list" }).action(
    acts(async () => (await import("./projects/projectVerbs.ts")).projectList, context),
  );
  addVerb(projects, {
    usage: "create <name>",
    summary: "Make a project; its name stays for ever",
    example: "./signalbox project create shop --environment production --environment staging",
  })
    .option("--organisation <name>", "who it belongs to; made with it if it is not there (default: default)")
    .option("--environment <name>", "where its agents run; may be given more than once (default: production)", each)
    .action(acts(async () => (await import("./projects/projectVerbs.ts")).projectCreate, context));

  addVerb(projects, {
    usage: "delete <name>",
    summary: "Erase all telemetry of a project for good, with its keys, rules and views",
    example: "./signalbox project delete shop --yes shop",
  })
    .option("--yes <name>", "the project's name again: that you mean it")
    .option("--dry-run", "show what would go, and change nothing")
    .action(acts(async () => (await import("./projects/projectDeleteVerb.ts")).projectDelete, context));

  addVerb(projects, {
    usage: "retention <name>",
    summary: "Keep a project's telemetry for so many days, or for ever",
    example: "./signalbox project retention shop --days 30",
  })
    .option("--days <n>", "how many whole days are kept besides today (UTC)", wholeNumber(1, RETENTION_DAYS_MAX))
    .option("--for-ever", "delete nothing because of its age")
    .action(acts(async () => (await import("./projects/retentionVerb.ts")).projectRetention, context));

  addVerb(projects, {
    usage: "reprice <name>",
    summary:
      "Compute the estimated costs of a project's stored calls again, with the prices of each call's own day; costs that senders reported stay",
    example: "./signalbox project reprice shop --since 2026-11-01 --dry-run",
  })
    .option("--since <day>", "the first day to look at, UTC (default: all)")
    .option("--dry-run", "show what would change, and change nothing")
    .action(acts(async () => (await import("./projects/repriceVerb.ts")).projectReprice, context));

  const rules = projects.command("rules").description("What of a project's telemetry is redacted, and which of its traces are kept");
  const ruleVerbs = () => import("./projects/rulesVerbs.ts");
  addVerb(rules, {
    usage: "show <name>",
    summary: "Show a project's rules, and who changed them",
    example: "./signalbox project rules show shop",
  }).action(acts(async () => (await ruleVerbs()).rulesShow, context));
  addVerb(rules, {
    usage: "set <name>",
    summary: "Change a project's rules: what is not given stays as it is, a list takes the place of the one before",
    example:
      "./signalbox project rules set shop --built-in email --built-in 'credit card' --attribute '*.password' --keep-errors --rest-share 0.05",
  })
    .option("--file <path>", "rules in YAML or JSON; flags count on top of it")
    .option("--built-in <name>", `redact one of: ${BUILT_IN_NAMES.join(", ")}; may be given more than once`, eachOf(BUILT_IN_NAMES))
    .option("--pattern <name=regex>", "redact what a regular expression (RE2) matches; may be given more than once", each)
    .option("--attribute <name>", "redact values by their name, * for any characters; may be given more than once", each)
    .option("--head-share <share>", "how many traces are taken at all, 0 to 1", number)
    .option("--tail", "judge traces when they are over")
    .option("--no-tail", "keep every trace that was taken")
    .option("--keep-errors", "keep traces with an error (the default of --tail)")
    .option("--no-keep-errors", "keep them only for another reason")
    .option("--slower-than-ms <n>", "keep slower traces", number)
    .option("--costlier-than-usd <n>", "keep costlier traces", number)
    .option("--scored-below <n>", "keep traces with a lower score", number)
    .option("--rest-share <share>", "how many traces are kept beside, 0 to 1", number)
    .option("--wait-seconds <n>", "how long nothing of a trace has come when it is over (default: 30)", number)
    .action(acts(async () => (await ruleVerbs()).rulesSet, context));
  addVerb(rules, {
    usage: "clear <name>",
    summary: "Redact nothing and keep every trace",
    example: "./signalbox project rules clear shop",
  }).action(acts(async () => (await ruleVerbs()).rulesClear, context));
  addVerb(rules, {
    usage: "test <name>",
    summary: "Show what the rules make of a text; nothing is stored",
    example: "./signalbox project rules test shop --text 'write to ann@example.org'",
  })
    .requiredOption("--text <text>", "what a sender may write")
    .option("--attribute <name>", "the attribute that it is the value of", "text")
    .option("--file <path>", "try the rules of a file before they are set")
    .action(acts(async () => (await ruleVerbs()).rulesTest, context));

  const keys = program.command("key").description("What opens a project to a program");
  addVerb(keys, {
    usage: "create <name>",
    summary: "Make a key and show its secret, this once",
    example: "./signalbox key create ci --project shop --scope ingest",
  })
    .option("--project <name>", "the project that it opens", DEFAULT_PROJECT)
    .addOption(
      new Option("--kind <kind>", "one secret; a public and a secret key (Langfuse); a UUID (AgentOps)")
        .choices(KEY_KINDS)
        .default("token"),
    )
    .option(`--scope <${KEY_SCOPES.join("|")}>`, "what it allows; may be given more than once (default: ingest)", eachOf(KEY_SCOPES))
    .option("--requests-per-minute <n>", "how often it may be used (default: no limit)", wholeNumber(1, 1_000_000))
    .option("--expires-in-days <n>", "after how many days it is refused (default: never)", wholeNumber(1, 3_650))
    .action(acts(async () => (await import("./projects/keyVerbs.ts")).keyCreate, context));
  addVerb(keys, { usage: "list", summary: "Show a project's keys, without their secrets", example: "./signalbox key list --project shop" })
    .option("--project <name>", "whose keys", DEFAULT_PROJECT)
    .action(acts(async () => (await import("./projects/keyVerbs.ts")).keyList, context));
  addVerb(keys, {
    usage: "revoke <id>",
    summary: "Make a key worthless for good",
    example: "./signalbox key revoke 7d3c0c51-58a6-4d51-9a4c-0c8b4d1e2f3a",
  }).action(acts(async () => (await import("./projects/keyVerbs.ts")).keyRevoke, context));

  const knowledge = program.command("knowledge").description("What a project's agents may look up");
  const knowledgeVerbs = () => import("./knowledge/knowledgeVerbs.ts");
  addVerb(knowledge, {
    usage: "load <path>",
    summary: "Load documents: a file of JSON Lines or Markdown, or all of a folder; those that are there already stay or change",
    example: "./signalbox knowledge load ./handbook --project shop --prune",
  })
    .option("--project <name>", "whose knowledge", DEFAULT_PROJECT)
    .option("--prune", "forget documents that are not among these")
    .action(acts(async () => (await import("./knowledge/loadVerb.ts")).knowledgeLoad, context));
  addVerb(knowledge, {
    usage: "list",
    summary: "Show a project's documents",
    example: "./signalbox knowledge list --project shop",
  })
    .option("--project <name>", "whose knowledge", DEFAULT_PROJECT)
    .action(acts(async () => (await knowledgeVerbs()).knowledgeList, context));
  addVerb(knowledge, {
    usage: "search <question>",
    summary: "Show the passages that an agent of the project would be shown",
    example: "./signalbox knowledge search 'how do I block a card' --project shop",
  })
    .option("--project <name>", "whose knowledge", DEFAULT_PROJECT)
    .option("--limit <n>", "how many passages", wholeNumber(1, 100), 5)
    .action(acts(async () => (await knowledgeVerbs()).knowledgeSearch, context));
  addVerb(knowledge, {
    usage: "remove <id>",
    summary: "Forget a document",
    example: "./signalbox knowledge remove cards/lost.md --project shop",
  })
    .option("--project <name>", "whose knowledge", DEFAULT_PROJECT)
    .action(acts(async () => (await knowledgeVerbs()).knowledgeRemove, context));
  addVerb(knowledge, {
    usage: "rebuild",
    summary: "Make all vectors anew, by the embeddings and for the vector store that are configured now",
    example: "./signalbox knowledge rebuild --project shop",
  })
    .option("--project <name>", "whose knowledge", DEFAULT_PROJECT)
    .action(acts(async () => (await knowledgeVerbs()).knowledgeRebuild, context));
  addVerb(knowledge, {
    usage: "snapshot",
    summary: "Have the vector store that is configured keep a copy of a project's vectors, where it can (Qdrant)",
    example: "./signalbox knowledge snapshot --project shop",
  })
    .option("--project <name>", "whose knowledge", DEFAULT_PROJECT)
    .action(acts(async () => (await knowledgeVerbs()).knowledgeSnapshot, context));

  const routes = program.command("route").description("Which versions of the agent serve a project");
  const routeVerbs = () => import("./versions/routeVerbs.ts");
  addVerb(routes, {
    usage: "show",
    summary: "Show which versions serve a project, and what each was given in the last day",
    example: "./signalbox route show --project shop",
  })
    .option("--project <name>", "whose tasks", DEFAULT_PROJECT)
    .action(acts(async () => (await routeVerbs()).routeShow, context));
  addVerb(routes, {
    usage: "set",
    summary:
      "Serve a project by a stable version, and a share of its sessions by a candidate: a session that is with it stays when the share grows",
    example: "./signalbox route set --project shop --stable 0.1.0+3fa8c1d2 --candidate 0.1.0+90b1e7aa --weight 5",
  })
    .option("--project <name>", "whose tasks", DEFAULT_PROJECT)
    .option("--stable <version>", "what serves all that the candidate does not")
    .option("--candidate <version>", "what is tried; another one than before draws its sessions anew")
    .option("--without-candidate", "let the stable version serve everything")
    .option("--weight <percent>", "how many of a hundred sessions the candidate serves, 0 to 100", number)
    .option("--reason <text>", "why, for the record")
    .action(acts(async () => (await routeVerbs()).routeSet, context));
  addVerb(routes, {
    usage: "clear",
    summary: "Let any version serve a project's tasks",
    example: "./signalbox route clear --project shop",
  })
    .option("--project <name>", "whose tasks", DEFAULT_PROJECT)
    .option("--reason <text>", "why, for the record")
    .action(acts(async () => (await routeVerbs()).routeClear, context));

  const versions = program.command("version").description("The versions of the agent: its code, who plans, models, prompts and tools");
  const versionVerbs = () => import("./versions/versionVerbs.ts");
  addVerb(versions, { usage: "list", summary: "Show every version, the latest first", example: "./signalbox version list" }).action(
    acts(async () => (await versionVerbs()).versionList, context),
  );
  addVerb(versions, {
    usage: "show <version>",
    summary: "Show what a version is, and how it differs from a project's stable one",
    example: "./signalbox version show 0.1.0+3fa8c1d2",
  })
    .option("--project <name>", "whose stable version", DEFAULT_PROJECT)
    .action(acts(async () => (await versionVerbs()).versionShow, context));
  addVerb(versions, {
    usage: "diff <before> <after>",
    summary: "Show what two versions differ in",
    example: "./signalbox version diff 0.1.0+3fa8c1d2 0.1.0+90b1e7aa",
  }).action(acts(async () => (await versionVerbs()).versionDiff, context));
  addVerb(versions, {
    usage: "derive <version>",
    summary: "Make another version of it that the same workers serve: with another planner, model or prompt",
    example: "./signalbox version derive 0.1.0+3fa8c1d2 --planner llm --prompt airline=support@1",
  })
    .addOption(new Option("--planner <kind>", "who plans the tasks that name nobody").choices(["rules", "llm", "person"]))
    .option("--model <name>", "the model that is asked")
    .option("--prompt <domain=name@version>", "what it is told in a domain; may be given more than once", each)
    .action(acts(async () => (await versionVerbs()).versionDerive, context));

  addVerb(program, {
    usage: "text-index",
    summary: "Make messages searchable by word without reading them, at the price of half as much disk again; or stop it",
    example: "./signalbox text-index on",
  })
    .addArgument(new Argument("<act>", "what to do").choices(["on", "off", "show"]))
    .action(acts(async () => (await import("./textIndex/textIndexVerb.ts")).textIndex, context));

  withLoadgenOptions(
    addVerb(program, {
      usage: "loadgen",
      summary: "Send spans to any OpenTelemetry back end, as fast as it takes them or at a rate, and say how it did",
      example: "./signalbox loadgen --endpoint http://127.0.0.1:4318 --rate 5000 --duration 30 --json",
    }),
  ).action(acts(async () => (await import("./loadgen/loadgen.ts")).loadgen, context));

  withTaskReplayOptions(
    addVerb(program, {
      usage: "replay [task]",
      summary: "Run a finished task again from its record, and show where the new run parts from the old one",
      example: "./signalbox replay 0d9f2c34-58a6-4d51-9a4c-0c8b4d1e2f3a --set tool.get_user_details=./answers.json",
    }),
  ).action(acts(async () => (await import("./replay/replayVerb.ts")).replay, context));

  const trains = program.command("train").description("Make the models that the agent runtime works with");
  addVerb(trains, {
    usage: "intents <data>",
    summary: "Train a model that tells what a message wants, how sure that is, and when to abstain",
    example: "./signalbox train intents ./clinc150 --test ./clinc150/dev.json --test ./clinc150/oos_dev.json",
  })
    .option("--name <name>", "what the model is called (default: the name of the data)")
    .option("--test <file>", "score the model on these rows, which it never sees; may be given more than once", each)
    .option("--refuse <share>", "how many out-of-scope validation rows the threshold has to refuse, 0 to 1", share, OUT_OF_SCOPE_REFUSED)
    .option("--out-of-scope-intent <name>", "what the data calls rows that want none of its intents", "oos")
    .option("--seed <n>", "the same data and seed give the same model, byte for byte", wholeNumber(0, 2 ** 31 - 1), 0)
    .addHelpText(
      "after",
      "\nThe data is a file of rows, or a folder with train.csv and, where there are some, val.csv, oos_train.csv and oos_val.csv." +
        "\nCSV has a header with text and intent (or category, or label); .json is an array of [text, intent] or of objects; .jsonl has one of these a line.",
    )
    .action(acts(async () => (await import("./train/trainIntents.ts")).trainIntents, context));

  const imports = program
    .command("import")
    .description("Bring recorded work in and run it")
    .addHelpText("after", "\nExample:\n  $ ./signalbox import tau-bench ./tau-bench-airline");
  addVerb(imports, {
    usage: "tau-bench <dir>",
    summary: "Run the recorded conversations of a tau-bench airline folder through the agent, and compare with what was recorded",
    example: "./signalbox import tau-bench ./tau-bench-airline --json",
  })
    .addOption(new Option("--planner <name>", "who plans: the recorded model").choices(["recorded"]).default("recorded"))
    .action(acts(async () => (await import("./import/importTauBench.ts")).importTauBench, context));

  const benches = program.command("bench").description("Measure this machine, self-contained: starts what it needs, leaves nothing");
  addVerb(benches, {
    usage: "decisions",
    summary: "Measure how fast the decision log is verified, and whether what is done to it behind its back is found where it is",
    example: "./signalbox bench decisions --events 1000000 --json",
  })
    .option("--events <n>", "how many decisions are stored, in tasks of ten", wholeNumber(1_000, 100_000_000), 1_000_000)
    .action(acts(async () => (await import("./bench/decisions/benchDecisions.ts")).benchDecisions, context));
  withBenchIngestOptions(
    addVerb(benches, {
      usage: "ingest",
      summary: "Measure how fast spans are taken, stored and readable, and compare with what the engine alone can do",
      example: "./signalbox bench ingest --seconds 30 --json",
    }),
  ).action(acts(async () => (await import("./bench/benchIngest.ts")).benchIngest, context));
  withBenchIntentsOptions(
    addVerb(benches, {
      usage: "intents <data>",
      summary: "Train a model of intents, send labelled rows through the agent as tasks, and score what it understood and planned",
      example: "./signalbox bench intents ./banking77 --test ./banking77/dev.csv --json",
    }),
  ).action(acts(async () => (await import("./bench/intents/benchIntents.ts")).benchIntents, context));
  withBenchQueryOptions(
    addVerb(benches, {
      usage: "query",
      summary: "Measure how fast traces, searches and charts are answered with so many spans stored, idle and while more come in",
      example: "./signalbox bench query --spans 1000000 --json",
    }),
  ).action(acts(async () => (await import("./bench/query/benchQuery.ts")).benchQuery, context));
  withBenchMemoryOptions(
    addVerb(benches, {
      usage: "memory",
      summary: "Measure how much of the truth the vector store finds, and how fast, on made-up vectors or on your own",
      example: "./signalbox bench memory --vectors 20000 --dimensions 256 --json",
    }),
  ).action(acts(async () => (await import("./bench/memory/benchMemory.ts")).benchMemory, context));
  withBenchRuntimeOptions(
    addVerb(benches, {
      usage: "runtime",
      summary: "Tasks a minute of the agent runtime, a spike, and what kills leave whole",
      example: "./signalbox bench runtime --seconds 30 --store postgres --json",
    }),
  ).action(acts(async () => (await import("./bench/runtime/benchRuntime.ts")).benchRuntime, context));
  addVerb(benches, {
    usage: "routing",
    summary: "Measure how calls find the endpoints of a service while some of them are slow, dead, or of another kind",
    example: "./signalbox bench routing --json",
  })
    .option("--seed <n>", "the same seed makes the same random choices", wholeNumber(0, 2 ** 32 - 1), 1)
    .action(acts(async () => (await import("./bench/runtime/routing/benchRouting.ts")).benchRouting, context));
  return program;
}

/** Runs one command line and answers its exit code. Whatever fails has been said by then; nothing is thrown. */
export async function runCommandLine(args: readonly string[], streams: Streams, env: NodeJS.ProcessEnv): Promise<ExitCode> {
  const output = new CommandOutput(streams, { json: args.includes("--json"), verbose: args.includes("--verbose") });
  let exitCode: ExitCode = EXIT.pass;
  const finish = (code: ExitCode): void => {
    exitCode = code;
  };
  try {
    await signalboxProgram({ output, env, finish }).parseAsync(args, { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.pass;
    if (error instanceof CommanderError && error.code === "commander.help") return EXIT.usage;
    return output.failure(error).exitCode;
  }
}
