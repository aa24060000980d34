/**
 * Goes on when nobody reads the output any more, as with `| head`: a command still has files to write, processes to end
 * and an exit code to give.
 */
export function outliveReaders(): void {
  for (const output of [process.stdout, process.stderr])
    output.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
    })
}
