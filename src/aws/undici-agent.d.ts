// undici's Agent by itself: the whole library takes three times as long to load, and a deploy that finds nothing to do is mostly loading.

declare module 'undici/lib/dispatcher/agent.js' {
  export { Agent as default } from 'undici'
}
