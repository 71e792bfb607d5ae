/** Imports point one way: apps → {api, db, evals} → model, and api → {db, evals}. docs/architecture.md says why. */
/** What tests share may start real stores, wherever it is. */
const within = (folder) => ({ path: `^${folder}/`, pathNot: `^${folder}/src/testing/` });
const outside = (folders) => ({ path: "^(apps|packages)/", pathNot: folders.map((folder) => `^${folder}/`) });

/** A package, what it may import, and what to do instead of importing more. */
const may = (folder, allowed, instead) => ({
  name: `${folder.replace("/", "-")}-imports`,
  severity: "error",
  comment: `${folder} may import ${allowed.join(", ") || "no other workspace"}. ${instead}`,
  from: within(folder),
  to: outside([folder, ...allowed]),
});

const TESTS = "/src/testing/|\\.test\\.tsx?$";

module.exports = {
  forbidden: [
    may("packages/model", [], "The vocabulary stands alone: move the code to the package that needs it."),
    may("packages/listener", ["packages/model"], "A listener knows HTTP and nothing of what it serves: pass routes in."),
    may("packages/balancer", ["packages/model"], "A balancer knows addresses and answers, and no service: pass calls in."),
    may("packages/db", ["packages/model"], "Return rows as model types and let the caller decide."),
    may("packages/interop", [], "A client of another product's SDK knows nothing of ours: tell it where to send by its environment."),
    may("packages/evals", ["packages/model"], "Evals are pure: let the runner read the database and pass values in."),
    may("packages/intents", ["packages/model"], "A model of intents knows texts and labels alone: read files where the rows come in."),
    may(
      "packages/knowledge",
      ["packages/model", "packages/intents"],
      "Knowledge is searched among texts that are passed in: read files and rows where they come from.",
    ),
    may("packages/api", ["packages/model", "packages/db", "packages/evals"], "Ask the app over HTTP instead of importing it."),
    may(
      "packages/cli",
      ["packages/model", "packages/balancer", "packages/db", "packages/evals", "packages/intents", "packages/knowledge", "packages/api"],
      "Start the app as a process and talk to it over HTTP.",
    ),
    {
      ...may(
        "apps/web",
        ["packages/api", "packages/listener", "packages/model"],
        "Add a procedure to packages/api: the console knows neither SQL nor statistics. (Its tests fill real stores.)",
      ),
      from: { ...within("apps/web"), pathNot: TESTS },
    },
    may(
      "apps/collector",
      ["packages/model", "packages/listener", "packages/db"],
      "Apps speak to each other over HTTP, the queue or the stores.",
    ),
    may(
      "apps/agent-runtime",
      [
        "packages/model",
        "packages/balancer",
        "packages/db",
        "packages/evals",
        "packages/intents",
        "packages/knowledge",
        "packages/listener",
      ],
      "Apps speak to each other over HTTP, the queue or the stores.",
    ),
    may(
      "apps/controller",
      ["packages/model", "packages/balancer", "packages/db", "packages/evals", "packages/listener"],
      "Apps speak to each other over HTTP, the queue or the stores.",
    ),
    {
      name: "no-cycles",
      severity: "error",
      comment: "Move what both need into a file of its own.",
      from: {},
      to: { circular: true },
    },
    {
      name: "sql-only-in-db",
      severity: "error",
      comment: "Only packages/db speaks SQL: add a function to one of its stores. (The queue's library needs its own connection.)",
      from: { path: "^(apps|packages)/", pathNot: "^(packages/db|apps/agent-runtime/src/queue)/|\\.test\\.tsx?$" },
      to: { path: "node_modules/(pg|@prisma|@clickhouse|chdb)/" },
    },
    {
      name: "features-through-their-index",
      severity: "error",
      comment: "Import a feature of the console through its index.ts, so that its insides can change.",
      from: { path: "^apps/web/src/features/([^/]+)/" },
      to: {
        path: "^apps/web/src/features/([^/]+)/",
        pathNot: ["^apps/web/src/features/$1/", "^apps/web/src/features/[^/]+/index\\.tsx?$"],
      },
    },
  ],
  options: {
    parser: "tsc",
    doNotFollow: { path: "node_modules" },
    exclude: { path: "\\.next/|/generated/" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "types", "default"],
      extensions: [".ts", ".tsx", ".js", ".mjs", ".cjs", ".json"],
    },
  },
};
