import { describe, expect, test } from "vitest";
import { readStatement } from "./statement.ts";

describe("a read", () => {
  test.each([
    ["SELECT 1", undefined, ""],
    ["SELECT 1 FORMAT JSON", "JSON", ""],
    ["select 1 format JSONEachRow;", "JSONEachRow", ""],
    ["SELECT 1 FORMAT JSON SETTINGS max_threads = 1", "JSON", " SETTINGS max_threads = 1"],
    ["WITH 1 AS x SELECT x FORMAT CSV -- done", "CSV", ""],
    ["(SELECT 1) UNION ALL (SELECT 2)", undefined, ""],
    ["FROM t SELECT a", undefined, ""],
    ["/* a */ SELECT format FROM t AS format", undefined, ""],
    ["SELECT 'FORMAT JSON'", undefined, ""],
    ["SELECT formatRow('CSV', 1) FORMAT TSV", "TSV", ""],
  ])("%s", (text, format, after) => {
    expect(readStatement(text)).toMatchObject({ kind: "read", format, after });
  });

  test("its text ends before a semicolon and a comment", () => {
    expect(readStatement("SELECT 1 ; -- nothing more")).toMatchObject({ before: "SELECT 1 " });
  });
});

describe("an insert with data", () => {
  test.each([
    ["INSERT INTO t FORMAT JSONEachRow", "INSERT INTO t", "", "JSONEachRow", ""],
    ["INSERT INTO db.t (a, b) FORMAT CSV\n1,2\n", "INSERT INTO db.t (a, b)", "", "CSV", "1,2\n"],
    ["insert into `t` (* EXCEPT (x)) format TSV \r\n1\t2", "insert into `t` (* EXCEPT (x))", "", "TSV", "1\t2"],
    ["INSERT INTO {t:Identifier} VALUES (1, 'a;b')", "INSERT INTO {t:Identifier}", "", "Values", " (1, 'a;b')"],
    [
      "INSERT INTO TABLE t SETTINGS async_insert = 0, a = -1, b = ['x', 'y'] VALUES (1)",
      "INSERT INTO TABLE t",
      " SETTINGS async_insert = 0, a = -1, b = ['x', 'y']",
      "Values",
      " (1)",
    ],
    ["INSERT INTO t /* FORMAT x */ FORMAT Native;\n", "INSERT INTO t", "", "Native", ""],
  ])("%s", (text, head, settings, format, inline) => {
    expect(readStatement(text)).toEqual({ kind: "load", head, settings, format, inline });
  });

  test("whose data was handed over in a file", () => {
    const load = { kind: "load", head: "INSERT INTO t (a)", settings: " SETTINGS b = 1", format: "Native", inline: "", file: "01-ab_c" };
    const { head, ...rest } = readStatement("INSERT INTO t (a) FROM INFILE '01-ab_c' SETTINGS b = 1 FORMAT Native") as typeof load;
    expect({ head: head.trimEnd(), ...rest }).toEqual(load);
  });

  test("its data is never read as SQL", () => {
    const data = "\0\n\nDROP TABLE t; SELECT file('/etc/passwd') 'never closed";
    expect(readStatement(`INSERT INTO t FORMAT RowBinary\n${data}`)).toMatchObject({ kind: "load", inline: data });
  });
});

describe("any other statement", () => {
  test.each([
    ["INSERT INTO t SELECT number FROM numbers(3)", "write"],
    ["INSERT INTO t (a) WITH 1 AS x SELECT x", "write"],
    ["INSERT INTO t (SELECT 1)", "write"],
    ["WITH 1 AS x INSERT INTO t SELECT x", "write"],
    ["INSERT INTO FUNCTION null('a Int8') SELECT 1", "write"],
    ["CREATE TABLE t (a UInt8) ENGINE = Memory", "other"],
    ["SHOW TABLES FORMAT JSON", "other"],
    ["EXPLAIN SELECT 1", "other"],
    ["KILL QUERY WHERE 1", "other"],
  ])("%s", (text, kind) => {
    expect(readStatement(text).kind).toBe(kind);
  });
});

describe("refused", () => {
  test.each([
    ["several statements", "SELECT 1; SELECT 2", 62],
    ["a statement behind a comment", "SELECT 1 -- ;\n; DROP TABLE t", 62],
    ["a statement behind a doubled quote", "SELECT 'it''s'; DROP TABLE t", 62],
    ["a statement behind an escaped quote", "SELECT 'it\\'s'; DROP TABLE t", 62],
    ["a statement behind nested comments", "SELECT 1 /* /* */ ; */ ; DROP TABLE t", 62],
    ["a statement behind a here document", "SELECT $a$;$a$; DROP TABLE t", 62],
    ["a statement behind an insert that makes its rows", "INSERT INTO t SELECT 1; DROP TABLE t", 62],
    ["data behind an insert that makes its rows", "INSERT INTO t SELECT 1 FORMAT CSV\n\nDROP TABLE t", 48],
    ["an insert with data inside another statement", "EXPLAIN INSERT INTO t VALUES (1)\n\nDROP TABLE t", 48],
    ["nothing", " -- only a comment", 62],
    ["file as a function", "SELECT file('/etc/passwd')", 497],
    ["file as a quoted name", "SELECT `file` /* */ ('/etc/passwd')", 497],
    ["a result into a file", "SELECT 1 INTO OUTFILE '/tmp/x'", 497],
    ["data from a file", "INSERT INTO t SELECT 1 FROM INFILE '/etc/passwd'", 497],
  ])("%s", (_what, text, code) => {
    expect(() => readStatement(text)).toThrow(expect.objectContaining({ code }));
  });

  test.each(["'/etc/passwd'", "'../x'", "'a*'", "'.'", "''", "'a\\'b'", "x", "{x:String}", "$a$x$a$"])(
    "`INSERT … FROM INFILE %s`, which names no file that was handed over",
    (name) => {
      expect(() => readStatement(`INSERT INTO t FROM INFILE ${name} FORMAT CSV`)).toThrow(expect.objectContaining({ code: 497 }));
    },
  );

  test.each(["", " COMPRESSION 'gzip' FORMAT CSV", " FORMAT CSV\n1,2", " SELECT 1", " VALUES (1)"])(
    "a file that was handed over with `%s` behind it",
    (rest) => {
      expect(() => readStatement(`INSERT INTO t FROM INFILE 'x'${rest}`)).toThrow(expect.objectContaining({ code: 62 }));
    },
  );
});

test("a semicolon inside a string, a name, a comment or a here document is no end", () => {
  for (const text of ["SELECT ';'", 'SELECT 1 AS ";"', "SELECT 1 /* ; */", "SELECT $tag$ ; $tag$", "SELECT 1 -- ;", "SELECT 1 # ;"])
    expect(readStatement(text).kind).toBe("read");
});
