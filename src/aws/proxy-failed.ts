// The code of errors that a proxy has caused; by itself, so that undici's pool is not loaded where only the code is asked for.

/** Its message says which proxy did what. */
export const PROXY_FAILED = 'PROXY_FAILED'
