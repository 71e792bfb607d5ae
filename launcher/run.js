import { spawn } from "node:child_process";
import { INFRASTRUCTURE } from "./ending.js";

/**
 * Runs a command to its end and returns its exit code; if a signal ended it, that is reported, since it may have printed nothing. A
 * terminal sends Ctrl-C to every process of the group, so SIGINT is only waited out there; without a terminal the sender means this
 * process, and SIGINT is passed on as SIGTERM always is. `env` is added to this process's environment.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: Record<string, string>, quiet?: boolean }} [options] `quiet` holds the output back and shows it only when
 * the command fails
 * @returns {Promise<number>}
 */
export function run(command, args, { cwd, env = {}, quiet = false } = {}) {
  return new Promise((resolve, reject) => {
    const interrupt = () => void (process.stdin.isTTY || child.kill("SIGINT"));
    const pass = () => child.kill("SIGTERM");
    // Installed before the command starts, which may be running, and be signalled, before this process continues.
    process.on("SIGINT", interrupt);
    process.on("SIGTERM", pass);
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: quiet ? ["ignore", "pipe", "pipe"] : "inherit" });
    const held = [];
    child.stdout?.on("data", (chunk) => held.push(chunk));
    child.stderr?.on("data", (chunk) => held.push(chunk));
    child.once("error", reject);
    child.once("close", (code, signal) => {
      process.off("SIGINT", interrupt);
      process.off("SIGTERM", pass);
      if (code !== 0) process.stderr.write(Buffer.concat(held));
      if (signal !== null && signal !== "SIGINT" && held.length === 0) process.stderr.write(`${command} was ended by ${signal}.\n`);
      resolve(code ?? (signal === "SIGINT" ? 130 : INFRASTRUCTURE));
    });
  });
}
