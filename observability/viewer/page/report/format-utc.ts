/** `2026-11-28 10:13:02 UTC` of an ISO date in UTC; a report is read in other zones than it was made in. */
export function formatUtc(iso: string): string {
  return iso.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?Z$/, '$1 $2 UTC')
}
