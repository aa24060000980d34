import { Fragment } from 'preact'

/** A name such as `http.response.status_code`, which may go on in the next line behind a dot, and not within a word. */
export function DottedName({ name }: { readonly name: string }) {
  return (
    <>
      {name.split(/(?<=\.)/).map((part, index) => (
        <Fragment key={index}>
          {index > 0 && <wbr />}
          {part}
        </Fragment>
      ))}
    </>
  )
}
