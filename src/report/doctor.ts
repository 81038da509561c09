// Diagnosis → what a person reads on a terminal, and the JSON document of `doctor --json`. Pure.

import type { Diagnosis, SetupFinding } from '../model.ts'
import { formatCount } from './amounts.ts'
import { createPaint } from './colors.ts'
import { wrapText } from './layout.ts'
import { showName, showSentence } from './terminal-text.ts'

const INDENT = '  '

/** @returns the document, indented, with a line break at its end; what is in it stays, a later release may add to it */
export function renderDiagnosisJson({ bucket, prefix, distributions, findings, notTried }: Diagnosis): string {
  const document = {
    formatVersion: 1,
    bucket,
    prefix,
    distributions,
    problems: findings.filter(({ severity }) => severity === 'problem').length,
    findings: findings.map(({ code, severity, distribution, what, why, fix }) => ({
      code,
      severity,
      distribution,
      what,
      why,
      fix,
    })),
    notTried,
  }
  return `${JSON.stringify(document, null, 2)}\n`
}

/** @returns lines, the last with its line break too */
export function renderDiagnosisText(
  { bucket, prefix, distributions, findings, notTried }: Diagnosis,
  options: { readonly colors: boolean; readonly width?: number },
): string {
  const paint = createPaint(options.colors)
  const width = options.width ?? 100
  const behind = distributions.length === 0 ? '' : `, behind ${distributions.map(showName).join(', ')}`
  const wrap = (text: string): string[] => wrapText(`${INDENT}${showSentence(text)}`, width, INDENT)
  const show = ({ code, severity, what, why, fix }: SetupFinding): string[] => [
    '',
    severity === 'problem' ? paint('red', `✗ ${code}`) : paint('yellow', `! ${code}`),
    ...wrap(what),
    ...wrap(why).map((line) => paint('dim', line)),
    ...wrap(`Fix: ${fix}`),
  ]
  return [
    paint('bold', `Doctor for ${showName(`s3://${bucket}/${prefix}`)}${behind}`),
    ...findings.flatMap(show),
    '',
    ...wrapText(`Not tried, since it would write: ${notTried.join(', ')}.`, width, INDENT),
    paint('bold', countFindings(findings)),
    '',
  ].join('\n')
}

function countFindings(findings: readonly SetupFinding[]): string {
  const problems = findings.filter(({ severity }) => severity === 'problem').length
  const counts = `${formatCount(problems, 'problem')}, ${findings.length - problems} to consider.`
  return problems === 0 ? `No problems; ${findings.length} to consider.` : counts
}
