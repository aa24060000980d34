import { render } from 'preact'
import type { Report } from '../../../comparison/report/report-schema.ts'
import { runtimeNames } from '../state/source-names.ts'
import { ReportPage } from './report-page.tsx'

const data = document.getElementById('report')?.textContent ?? ''
const root = document.getElementById('app')
if (root !== null) {
  // Put here by renderReport, which took it as a Report.
  const report: Report = JSON.parse(data)
  runtimeNames.value = report.runtimes.map(({ name }) => name)
  render(<ReportPage report={report} />, root)
}
