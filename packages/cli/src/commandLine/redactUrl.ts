/**
 * A URL that is safe to show: its password, and the values in its query, are replaced by `***`. A text without a host is not shown at all.
 */
export function redactUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null || url.host === "") return "(not a URL)";
  if (url.password !== "") url.password = "***";
  if (url.search !== "") url.search = "?***";
  return url.href;
}
