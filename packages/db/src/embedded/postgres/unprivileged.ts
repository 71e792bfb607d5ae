import { spawnSync } from "node:child_process";
import { chownSync, readFileSync } from "node:fs";

/** A user of this machine that is not root. */
type User = { name: string; uid: number; gid: number };

/** The users that a server may run as when we are root, the better one first. */
const SERVER_USERS = ["postgres", "nobody"];

function findUser(): User | undefined {
  const users = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"))
    .map(([name = "", , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }));
  return SERVER_USERS.map((name) => users.find((user) => user.name === name)).find((user) => user !== undefined);
}

/** How to run a command that refuses to run as root: the command line, who runs it, and how to give that user a folder. */
export type Unprivileged = {
  commandLine: (command: string, args: readonly string[]) => { command: string; args: string[]; uid?: number; gid?: number };
  own: (path: string) => void;
};

/**
 * What the user may be lent, the least first: nothing, the right to pass through every folder and read every file, and the right to write
 * them too, which is all that some containers have to lend.
 */
const RIGHTS = [undefined, "dac_read_search", "dac_override"];

/** The arguments of `setpriv` that make a command run as a user with a right. */
function become({ uid, gid }: User, right: string | undefined): string[] {
  const lent = right === undefined ? [] : [`--inh-caps=+${right}`, `--ambient-caps=+${right}`];
  return [`--reuid=${uid}`, `--regid=${gid}`, "--clear-groups", ...lent];
}

/**
 * PostgreSQL refuses to run as root. Where we are root (a container, mostly) it runs as another user of the machine.
 * That user may be shut out of `passages`, the folders that the command passes through: the data folder, for one, is its owner's alone.
 * `setpriv` then lends it the least right with which it passes through all of them.
 */
export function unprivileged(passages: readonly string[]): Unprivileged {
  const user = process.getuid?.() === 0 ? findUser() : undefined;
  if (user === undefined) return { commandLine: (command, args) => ({ command, args: [...args] }), own: () => undefined };

  // Not `test -x`: that asks what the user might do without what it was lent.
  const passes = (setpriv: readonly string[]): boolean =>
    passages.every((folder) => spawnSync("setpriv", [...setpriv, "stat", `${folder}/.`]).status === 0);
  const setpriv = RIGHTS.map((right) => become(user, right)).find(passes);
  return {
    commandLine: (command, args) =>
      setpriv === undefined
        ? { command, args: [...args], uid: user.uid, gid: user.gid }
        : { command: "setpriv", args: [...setpriv, command, ...args] },
    own: (path) => chownSync(path, user.uid, user.gid),
  };
}
