/** A data source by the uid that `provisioning/datasources.yaml` gives it; a dashboard knows no other. */
export type DataSource = { readonly type: string; readonly uid: string }

/** Holds the span metrics. */
export const prometheus = { type: 'prometheus', uid: 'prometheus' } as const
/** Holds the log records. */
export const loki = { type: 'loki', uid: 'loki' } as const
/** Holds the traces. */
export const tempo = { type: 'tempo', uid: 'tempo' } as const
