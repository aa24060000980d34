/** Replaces `pgpass` in the Worker's bundle: an isolate has no home, and no file of passwords in it. */
function noPasswordFile(_connection: unknown, answer: () => void): void {
  answer()
}

export { noPasswordFile as 'module.exports' }
