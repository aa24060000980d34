import type { Section } from '../layout/arrange.ts'
import { logs, ofLevelOfSeries } from '../links/logs.ts'
import { logLevelsPanel, logsPanel } from '../panels/log-panels.ts'
import { logRecords, logRecordsByLevel } from '../queries/log-records.ts'

const noValue = 'no log records'
const ofAllRoutes =
  'Of all routes, whichever are chosen above: a record knows its trace, not its route.'

/** Log records by level, and the records themselves. */
export const logSection: Section = {
  title: 'Log records',
  lines: [
    {
      height: 5,
      panels: [
        logLevelsPanel({
          title: 'Log records by level',
          description: `How many log records of each level came when. ${ofAllRoutes}`,
          unit: 'short',
          noValue,
          expr: logRecordsByLevel,
          links: [logs('Log records of this level', {}, ofLevelOfSeries)],
        }),
      ],
    },
    {
      height: 12,
      panels: [
        logsPanel({
          title: 'Log records',
          description: `The newest log records. Open one to get to its trace. ${ofAllRoutes}`,
          unit: 'none',
          noValue,
          expr: logRecords,
          links: [],
        }),
      ],
    },
  ],
}
