/** Exit code of a command that failed because of the machine around it (see the contract in docs/architecture.md). */
export const INFRASTRUCTURE = 4;

/** Runs a launcher to its exit code. An error becomes one sentence for the person at the terminal. */
export async function endWith(main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = INFRASTRUCTURE;
  }
}
