import { join } from "node:path";
import { turbo } from "./build.js";
import { endWith } from "./ending.js";
import { install } from "./install.js";
import { useNode24 } from "./node24.js";
import { compiledOnce, root } from "./places.js";
import { run } from "./run.js";

/** `npm start`: installs, builds, and starts everything on this machine. */
await endWith(async () => {
  const seconds = (since) => ((performance.now() - since) / 1000).toFixed(1);

  const beforeInstall = performance.now();
  const node = await useNode24();
  await install({ withTools: false });
  const beforeBuild = performance.now();
  await turbo("build");
  process.stderr.write(`installed in ${((beforeBuild - beforeInstall) / 1000).toFixed(1)} s, built in ${seconds(beforeBuild)} s\n`);

  return run(node, [join(root, "packages/cli/src/main.ts"), "up", ...process.argv.slice(2)], { env: compiledOnce });
});
