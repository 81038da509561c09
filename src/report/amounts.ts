// Sizes, durations and counts as people read them. Pure.

const SIZE_UNITS = ['kB', 'MB', 'GB', 'TB']

/** `812 B`, `5.1 kB`, `340 MB`: decimal units, two digits or more. */
export function formatSize(sizeBytes: number): string {
  if (sizeBytes < 1000) return `${sizeBytes} B`
  let amount = sizeBytes / 1000
  let unit = 0
  // From 999.5 on it would be written as 1000.
  while (amount >= 999.5 && unit < SIZE_UNITS.length - 1) {
    amount /= 1000
    unit += 1
  }
  return `${amount < 9.95 ? amount.toFixed(1) : amount.toFixed(0)} ${SIZE_UNITS[unit] ?? ''}`
}

/** `0.4 s`, `12 s`, `3 min 20 s`, `2 h 5 min`. */
export function formatDuration(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return joinUnits(Math.floor(whole / 60), 'min', whole % 60, 's')
  const minutes = Math.round(whole / 60)
  return joinUnits(Math.floor(minutes / 60), 'h', minutes % 60, 'min')
}

/** `1 file`, `1,234 files`. */
export function formatCount(count: number, noun: string, plural: string = `${noun}s`): string {
  return `${formatNumber(count)} ${count === 1 ? noun : plural}`
}

/** `1,234`: the same everywhere, whatever the machine's locale. */
export function formatNumber(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',')
}

function joinUnits(larger: number, largerUnit: string, smaller: number, smallerUnit: string): string {
  return smaller === 0 ? `${larger} ${largerUnit}` : `${larger} ${largerUnit} ${smaller} ${smallerUnit}`
}
