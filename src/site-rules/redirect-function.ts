// `_redirects` → the code of a CloudFront Function on viewer requests that makes them, and serves folders by their index. Pure.

import type { RedirectRule } from '../model.ts'
import { decodePath, PLACEHOLDER, readPathPattern } from './path-pattern.ts'
import { isOnePath, isShadowed } from './redirect-rules.ts'

export interface RedirectFunctionOptions {
  /** Also serve `/blog/` and `/blog` from `/blog/index.html`. */
  readonly directoryIndex: boolean
  /** Whether the site has a file of that name: rules that are not forced give way to it. */
  readonly hasFile: (name: string) => boolean
}

/** @see CloudFront Developer Guide, "Quotas": maximum function size */
export const MAX_FUNCTION_BYTES: number = 10 * 1024

/**
 * The first rule that matches decides. A function cannot see what is in the bucket: a rule for one path that a file stands in the way of is
 * left out here, and a rule with `*` or placeholders of status 200 passes by paths that look like files, unless it is forced.
 *
 * @returns code for the runtime cloudfront-js-2.0; as small as the rules are, which may be more than CloudFront takes
 */
export function writeRedirectFunction(rules: readonly RedirectRule[], options: RedirectFunctionOptions): string {
  const wanted = rules.filter((rule) => !isShadowed(rule, options.hasFile))
  // The first says it; a one-path rule below a pattern that takes its path is never reached, and stays below it.
  const firstPattern = wanted.findIndex(({ from }) => !isOnePath(from))
  const ahead = firstPattern === -1 ? wanted : wanted.slice(0, firstPattern)
  const single = new Map<string, readonly [status: number, to: string]>()
  for (const { from, to, status } of ahead) {
    const path = withoutSlash(decodePath(from))
    if (!single.has(path)) single.set(path, [status, to])
  }
  const patterns = wanted.slice(ahead.length).map((rule) => {
    const { source, groups } = readPathPattern(withoutSlash(rule.from))
    const to = rule.to.replace(PLACEHOLDER, (word, name: string) => {
      const group = groups.indexOf(name)
      return group === -1 ? word : `\u0000${group + 1}\u0000`
    })
    // [pattern, status, target in pieces: texts and numbers of groups, whether paths of files pass by]
    return [source, rule.status, piecesOf(to), rule.status === 200 && !rule.force && !isOnePath(rule.from) ? 1 : 0]
  })
  return `// Written by freshfront redirects --function: change _redirects instead. Runtime cloudfront-js-2.0, event viewer-request.
var single = ${JSON.stringify(Object.fromEntries(single))};
var patterns = ${JSON.stringify(patterns)};
function handler(event) {
  var request = event.request;
  var whole = request.uri;
  try { whole = decodeURIComponent(whole); } catch (e) {}
  var path = whole.length > 1 && whole.endsWith('/') ? whole.slice(0, -1) : whole;
  var found = Object.prototype.hasOwnProperty.call(single, path) ? single[path] : undefined;
  for (var i = 0; found === undefined && i < patterns.length; i++) {
    var rule = patterns[i];
    if (rule[3] && /\\.[^/]*$/.test(path)) continue;
    var pattern = new RegExp(rule[0]);
    var match = pattern.exec(whole) || pattern.exec(path);
    if (match) found = [rule[1], rule[2].map(function (piece) {
      return typeof piece === 'number' ? encodeURI(match[piece] || '').replace(/[?#]/g, encodeURIComponent) : piece;
    }).join('').replace(/^\\/{2,}/, '/')];
  }
  if (found !== undefined && found[0] !== 200) {
    var query = queryOf(request.querystring);
    var to = found[1].split('#');
    var location = to[0] + (query === '' || to[0].includes('?') ? '' : '?' + query) + (to.length > 1 ? '#' + to.slice(1).join('#') : '');
    return { statusCode: found[0], statusDescription: 'Redirect', headers: { location: { value: location } } };
  }
  if (found !== undefined) request.uri = found[1].split('?')[0];
${options.directoryIndex ? DIRECTORY_INDEX : ''}  return request;
}
function queryOf(querystring) {
  var parts = [];
  for (var name in querystring) {
    var values = querystring[name].multiValue || [querystring[name]];
    for (var i = 0; i < values.length; i++) parts.push(values[i].value === '' ? name : name + '=' + values[i].value);
  }
  return parts.join('&');
}
`
}

const DIRECTORY_INDEX = `  if (request.uri.endsWith('/')) request.uri += 'index.html';
  else if (!/\\.[^/]*$/.test(request.uri)) request.uri += '/index.html';
`

function withoutSlash(path: string): string {
  return path.length > 1 ? path.replace(/\/$/u, '') : path
}

function piecesOf(to: string): readonly (string | number)[] {
  return to
    .split('\u0000')
    .map((piece, index) => (index % 2 === 0 ? piece : Number(piece)))
    .filter((piece) => piece !== '')
}
