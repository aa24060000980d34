/** Where keys work: everywhere, or where the focus is. */
export const shortcutPlaces = [
  ['page', 'Everywhere'],
  ['list', 'In a list'],
  ['trace', 'In the spans of a trace'],
  ['edge', 'At the lines of a trace: width of the names, time shown'],
  ['chart', 'In a chart'],
  ['icicle', 'In the steps of a comparison'],
] as const

/** All keys of the page, by which it acts and which `?` lists. Those of fields and dialogs are the browser's. */
export const shortcuts = [
  { place: 'page', action: 'find', keys: ['/'], does: 'go to the search box' },
  { place: 'page', action: 'help', keys: ['?'], does: 'show these keys' },
  { place: 'list', action: 'next', keys: ['ArrowDown', 'j'], does: 'next row' },
  { place: 'list', action: 'previous', keys: ['ArrowUp', 'k'], does: 'previous row' },
  { place: 'list', action: 'open', keys: ['Enter'], does: 'open the row' },
  { place: 'list', action: 'select', keys: ['x'], does: 'select a trace, to compare it' },
  { place: 'trace', action: 'move', keys: ['ArrowDown', 'j'], does: 'next row' },
  { place: 'trace', action: 'move', keys: ['ArrowUp', 'k'], does: 'previous row' },
  { place: 'trace', action: 'move', keys: ['PageDown', 'PageUp'], does: '15 rows on, or back' },
  { place: 'trace', action: 'move', keys: ['Home', 'End'], does: 'first row, last row' },
  { place: 'trace', action: 'move', keys: ['ArrowRight'], does: 'open a span, or go into it' },
  {
    place: 'trace',
    action: 'move',
    keys: ['ArrowLeft'],
    does: 'close a span, or go to its parent',
  },
  { place: 'trace', action: 'move', keys: ['Enter', ' '], does: 'open or close a span' },
  { place: 'trace', action: 'nextError', keys: ['e'], does: 'next error' },
  { place: 'trace', action: 'previousError', keys: ['E'], does: 'previous error' },
  { place: 'trace', action: 'nextMatch', keys: ['n'], does: 'next match of the search' },
  { place: 'trace', action: 'previousMatch', keys: ['N'], does: 'previous match' },
  { place: 'trace', action: 'showSpan', keys: ['z'], does: 'zoom to the time of the span' },
  { place: 'trace', action: 'showWhole', keys: ['Escape'], does: 'show the whole trace again' },
  { place: 'edge', action: 'move', keys: ['ArrowLeft', 'ArrowRight'], does: 'move the line' },
  { place: 'edge', action: 'move', keys: ['Home', 'End'], does: 'as far as it goes' },
  { place: 'chart', action: 'move', keys: ['ArrowLeft', 'ArrowRight'], does: 'choose a time' },
  { place: 'chart', action: 'move', keys: ['ArrowUp', 'ArrowDown'], does: 'choose a line' },
  { place: 'chart', action: 'move', keys: ['Home', 'End'], does: 'first time, last time' },
  { place: 'chart', action: 'open', keys: ['Enter'], does: 'show the traces of the point' },
  {
    place: 'icicle',
    action: 'move',
    keys: ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight'],
    does: 'step above, below, before, after',
  },
  { place: 'icicle', action: 'move', keys: ['Home', 'End'], does: 'first step, last step' },
  {
    place: 'icicle',
    action: 'open',
    keys: ['Enter', ' '],
    does: 'show where the step took longest',
  },
] as const

/** Where a key works. */
export type ShortcutPlace = (typeof shortcutPlaces)[number][0]
/** What a key does there. */
export type ShortcutAction = (typeof shortcuts)[number]['action']
