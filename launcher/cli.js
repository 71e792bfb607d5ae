import { join } from "node:path";
import { turbo } from "./build.js";
import { endWith } from "./ending.js";
import { install } from "./install.js";
import { useNode24 } from "./node24.js";
import { compiledOnce, root } from "./places.js";
import { run } from "./run.js";

/** `./signalbox`: the CLI from a checkout. Only `up` needs a built console. */
await endWith(async () => {
  const args = process.argv.slice(2);
  const node = await useNode24();
  await install({ withTools: false });
  if (args[0] === "up") await turbo("build");
  return run(node, [join(root, "packages/cli/src/main.ts"), ...args], { env: compiledOnce });
});
