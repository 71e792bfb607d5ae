import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const here = fileURLToPath(new URL(".", import.meta.url));
const script = fileURLToPath(new URL("../../scripts/generate.js", import.meta.url));

/** Every file below a folder, by its path in it. */
function contents(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.map(({ parentPath, name }) => [join(parentPath, name).slice(folder.length), readFileSync(join(parentPath, name), "utf8")]),
  );
}

test("the committed client is what the schema generates; `npm run generate -w @signalbox/db` brings it up to date", () => {
  const folder = mkdtempSync(join(tmpdir(), "signalbox-prisma-"));
  try {
    cpSync(join(here, "schema"), join(folder, "schema"), { recursive: true });
    const { status, stderr } = spawnSync(process.execPath, [script, "--schema", join(folder, "schema")], { encoding: "utf8" });
    expect(status, stderr).toBe(0);
    expect(contents(join(here, "generated"))).toEqual(contents(join(folder, "generated")));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
