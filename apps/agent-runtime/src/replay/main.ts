import { answerRequests } from "./answerRequests.ts";

/** The replaying process: requests come in on stdin, one a line, and reports go out on stdout. It listens nowhere. */
await answerRequests(process.stdin, (line) => process.stdout.write(line));
