import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { ErrorState } from "./ErrorState.tsx";

const shown = (code: string): string =>
  renderToStaticMarkup(createElement(ErrorState, { failure: { code, message: "It failed." }, onRetry: () => undefined }));

test("an error that may pass offers a retry, and a refusal does not", () => {
  expect(shown("overloaded")).toContain("Try again");
  expect(shown("invalid_input")).not.toContain("Try again");
});

test("a missing thing links to existing ones, and commands in a hint are set apart", () => {
  const failure = { code: "not_found", message: "There is no run 7.", hint: "`eval list` shows those that there are." };
  const html = renderToStaticMarkup(
    createElement(ErrorState, { failure, onRetry: () => undefined, wayOut: { href: "/evals", label: "All" } }),
  );
  expect(html).not.toContain("Try again");
  expect(html).toContain('href="/evals"');
  expect(html).toMatch(/<code[^>]*>eval list<\/code> shows/);
});
