import { answerRequests } from "./answerRequests.ts";

/** The replaying process: reads requests from stdin, one per line, and writes reports to stdout. It listens on no port. */
await answerRequests(process.stdin, (line) => process.stdout.write(line));
