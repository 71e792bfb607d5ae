import { expect, test } from "vitest";
import { ByteWriter } from "./byteWriter.ts";

test("a text within JSON is what JSON makes of it, whatever characters it has", () => {
  const every = String.fromCodePoint(...Array.from({ length: 0x300 }, (_, code) => code), 0x2028, 0xff_fd, 0x1_f6_00);
  for (const text of ["", every, `${"long ".repeat(20)}"${every}`, '"', "\\\\"]) {
    const writer = new ByteWriter(1);
    const bytes = Buffer.from(`<${text}>`);
    writer.jsonText(bytes, 1, bytes.length - 1);
    expect(writer.written.toString()).toBe(JSON.stringify(text).slice(1, -1));
  }
});
