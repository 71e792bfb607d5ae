/**
 * A URL as it may be shown: its password, and whatever stands in its
 * query, replaced by `***`. A text that names no host is not shown at all.
 */
export function redactUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null || url.host === "") return "(not a URL)";
  if (url.password !== "") url.password = "***";
  if (url.search !== "") url.search = "?***";
  return url.href;
}
