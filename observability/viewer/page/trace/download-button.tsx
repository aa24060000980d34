/** Saves text as a file, also when the collector does not have it any more. */
export function DownloadButton({ name, text }: { readonly name: string; readonly text: string }) {
  const download = () => {
    const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
    const link = document.createElement('a')
    link.href = url
    link.download = name
    link.click()
    setTimeout(() => URL.revokeObjectURL(url), 10_000)
  }
  return (
    <button type="button" onClick={download}>
      Download OTLP JSON
    </button>
  )
}
