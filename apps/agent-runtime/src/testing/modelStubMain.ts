import { endWithParent } from "@signalbox/model";
import { inTurn, openModelStub, type StubAnswer } from "./modelStub.ts";

/**
 * The stub as a process of its own: `node modelStubMain.ts '[{"kind":"says","content":"Hello."}]'` prints its URL and gives the answers in
 * turn.
 */
const answers: StubAnswer[] = JSON.parse(process.argv[2] ?? "[]");
const stub = await openModelStub(inTurn(...answers));
process.stdout.write(`${stub.url}\n`);
endWithParent(() => stub[Symbol.asyncDispose]());
