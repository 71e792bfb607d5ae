import { spawnSync } from "node:child_process";
import { chownSync, readFileSync } from "node:fs";

/** A user of this machine that is not root. */
type User = { name: string; uid: number; gid: number };

/** The users as which a server may run when we are root, the preferred one first. */
const SERVER_USERS = ["postgres", "nobody"];

function findUser(): User | undefined {
  const users = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"))
    .map(([name = "", , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }));
  return SERVER_USERS.map((name) => users.find((user) => user.name === name)).find((user) => user !== undefined);
}

/** How to run a command that refuses to run as root: its prefix, the user who runs it, and how to give that user a folder. */
export type Unprivileged = {
  commandLine: (command: string, args: readonly string[]) => { command: string; args: string[]; uid?: number; gid?: number };
  own: (path: string) => void;
};

/**
 * Rights that the user may be granted, the least first: none, the right to pass through every folder and
 * read every file, and the right to write them too, which is the only one that some containers can grant.
 */
const RIGHTS = [undefined, "dac_read_search", "dac_override"];

/** The arguments of `setpriv` that make a command run as a user with a right. */
function become({ uid, gid }: User, right: string | undefined): string[] {
  const lent = right === undefined ? [] : [`--inh-caps=+${right}`, `--ambient-caps=+${right}`];
  return [`--reuid=${uid}`, `--regid=${gid}`, "--clear-groups", ...lent];
}

/**
 * PostgreSQL refuses to run as root. Where we are root (mostly in a container) it runs as another user of the
 * machine. That user may lack access to `passages`, the folders that the command passes through: the data folder,
 * for one, is its owner's alone. `setpriv` then grants the least right with which all of them can be passed.
 */
export function unprivileged(passages: readonly string[]): Unprivileged {
  const user = process.getuid?.() === 0 ? findUser() : undefined;
  if (user === undefined) return { commandLine: (command, args) => ({ command, args: [...args] }), own: () => undefined };

  // Not `test -x`: that ignores the granted right.
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
