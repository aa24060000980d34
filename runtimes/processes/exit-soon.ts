/** What is left when all is done may take so long to end by itself. */
const lingerMillis = 500

/** Ends a command whose work is done, whatever somebody's app or scenario left open: a timer, a port. */
export function exitSoon(): void {
  setTimeout(() => process.exit(), lingerMillis).unref()
}
