// Leaves Node's HTTP/2 out of a bundle of undici: nothing here speaks it, and loading it takes a program that runs for 0.3 s some 10 ms.

import type { Plugin } from 'esbuild'

/** undici is written to do without it, as where Node was built so. What it asks of it when loaded are names of headers. */
export const withoutHttp2: Plugin = {
  name: 'without-http2',
  setup(build) {
    build.onResolve({ filter: /^node:http2$/ }, ({ importer }) =>
      importer.includes('/undici/') ? { path: 'http2', namespace: 'absent' } : undefined,
    )
    build.onLoad({ filter: /^http2$/, namespace: 'absent' }, () => ({ contents: 'module.exports = { constants: {} }' }))
  },
}
