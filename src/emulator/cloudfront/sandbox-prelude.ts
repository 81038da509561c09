// The JavaScript that runs in the sandbox before a CloudFront function does: the globals and modules that the runtime has
// beyond the language, and the absence of what it has not got. It is text because it runs in QuickJS, not here.
// Facts: CloudFront Developer Guide, "JavaScript runtime 1.0 features" and "JavaScript runtime 2.0 features".

/**
 * An expression: a function of `askHost` (JSON in, JSON out, for hashes and encodings) and of whether the runtime is 2.0.
 * It returns `start(makeHandler, inputJson)`, which runs the handler made, and `finish()`, which gives the outcome as JSON
 * once the pending jobs are done.
 */
export const SANDBOX_PRELUDE: string = String.raw`
(function (askHost, isRuntime2) {
  'use strict'
  const ask = (question) => JSON.parse(askHost(JSON.stringify(question)))
  const define = (target, name, value) =>
    Object.defineProperty(target, name, { value, writable: true, configurable: true, enumerable: false })
  const toHex = (bytes) => Array.from(bytes, (one) => (one < 16 ? '0' : '') + one.toString(16)).join('')
  const fromHex = (hex) => Array.from({ length: hex.length / 2 }, (_, at) => parseInt(hex.slice(at * 2, at * 2 + 2), 16))
  const encode = (text, encoding) => fromHex(ask({ op: 'encode', text: String(text), encoding: encoding || 'utf8' }))
  const decode = (bytes, encoding) => ask({ op: 'decode', hex: toHex(bytes), encoding: encoding || 'utf8' })
  const byteString = (bytes) => Array.from(bytes, (one) => String.fromCharCode(one)).join('')
  const bytesOf = (text) => Array.from(text, (one) => one.charCodeAt(0))

  // No code from text.
  const refuse = () => {
    throw new EvalError('Dynamic code evaluation is not supported.')
  }
  for (const made of [function () {}, async function () {}, function* () {}, async function* () {}]) {
    const prototype = Object.getPrototypeOf(made)
    const NoFunction = function () {
      refuse()
    }
    NoFunction.prototype = prototype
    define(prototype, 'constructor', NoFunction)
    if (made.constructor === NoFunction && prototype === Function.prototype) define(globalThis, 'Function', NoFunction)
  }
  define(globalThis, 'eval', refuse)

  // One instant for the whole run.
  const RealDate = Date
  let nowMs = 0
  const FrozenDate = function (...given) {
    if (new.target === undefined) return new RealDate(nowMs).toString()
    return Reflect.construct(RealDate, given.length === 0 ? [nowMs] : given, new.target)
  }
  FrozenDate.prototype = RealDate.prototype
  define(RealDate.prototype, 'constructor', FrozenDate)
  define(FrozenDate, 'now', () => nowMs)
  define(FrozenDate, 'UTC', RealDate.UTC)
  define(FrozenDate, 'parse', RealDate.parse)
  define(globalThis, 'Date', FrozenDate)

  let randomState = 1
  define(Math, 'random', () => {
    randomState ^= randomState << 13
    randomState ^= randomState >>> 17
    randomState ^= randomState << 5
    return (randomState >>> 0) / 4294967296
  })

  let logs = []
  const describe = (value) => (typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value)))
  const log = (...values) => void logs.push(values.map(describe).join(' '))
  define(globalThis, 'console', { log, error: log, warn: log, info: log, debug: log })

  class Bytes extends Uint8Array {
    static from(source, encodingOrOffset, length) {
      if (typeof source === 'string') return Bytes.from(encode(source, encodingOrOffset))
      if (source instanceof ArrayBuffer) return new Bytes(source, encodingOrOffset, length)
      const made = new Bytes(source.length)
      made.set(Array.from(source))
      return made
    }
    static alloc(size, fill) {
      const made = new Bytes(size)
      return fill === undefined ? made : made.fill(typeof fill === 'string' ? fill.charCodeAt(0) : fill)
    }
    static isBuffer(value) {
      return value instanceof Bytes
    }
    static isEncoding(name) {
      return ['utf8', 'utf-8', 'hex', 'base64', 'base64url'].includes(name)
    }
    static byteLength(value, encoding) {
      return typeof value === 'string' ? encode(value, encoding).length : value.byteLength
    }
    static concat(list) {
      return Bytes.from(list.flatMap((one) => Array.from(one)))
    }
    static compare(one, other) {
      const [first, second] = [toHex(one), toHex(other)]
      return first === second ? 0 : first < second ? -1 : 1
    }
    equals(other) {
      return Bytes.compare(this, other) === 0
    }
    slice(start, end) {
      return this.subarray(start, end)
    }
    toString(encoding, start, end) {
      return decode(this.subarray(start, end), encoding)
    }
    toJSON() {
      return { type: 'Buffer', data: Array.from(this) }
    }
  }

  const dataOf = (data) => (typeof data === 'string' ? encode(data) : Array.from(data))
  const digestWith = (algorithm, key) => {
    if (!['md5', 'sha1', 'sha256'].includes(algorithm)) throw new TypeError('not supported algorithm: "' + algorithm + '"')
    const data = []
    return {
      update(more) {
        data.push(...dataOf(more))
        return this
      },
      digest(encoding) {
        const bytes = fromHex(ask({ op: 'digest', algorithm, keyHex: key && toHex(key), hex: toHex(data) }))
        if (encoding !== undefined) return decode(bytes, encoding)
        return isRuntime2 ? Bytes.from(bytes) : byteString(bytes)
      },
    }
  }
  const crypto = {
    createHash: (algorithm) => digestWith(algorithm, null),
    createHmac: (algorithm, key) => digestWith(algorithm, dataOf(key)),
  }

  const unescape = (text) => {
    try {
      return decodeURIComponent(text.replace(/\+/g, ' '))
    } catch (error) {
      return text
    }
  }
  const querystring = {
    escape: encodeURIComponent,
    unescape,
    parse(text, separator, equal, options) {
      const limits = options || {}
      const read = limits.decodeURIComponent || unescape
      const found = {}
      const pairs = text === '' ? [] : text.split(separator || '&')
      const maxKeys = limits.maxKeys === undefined ? 1000 : limits.maxKeys
      for (const pair of maxKeys > 0 ? pairs.slice(0, maxKeys) : pairs) {
        const [name, ...rest] = pair.split(equal || '=')
        const [key, value] = [read(name), read(rest.join(equal || '='))]
        found[key] = key in found ? [].concat(found[key], value) : value
      }
      return found
    },
    stringify(values, separator, equal, options) {
      const write = (options && options.encodeURIComponent) || encodeURIComponent
      return Object.keys(values)
        .flatMap((name) => [].concat(values[name]).map((value) => write(name) + (equal || '=') + write(String(value))))
        .join(separator || '&')
    },
  }
  querystring.decode = querystring.parse
  querystring.encode = querystring.stringify

  let keyValues
  const readValue = (key, format) => {
    const text = keyValues[key]
    if (text === undefined) throw new Error('KeyNotFound: ' + key)
    if (format === 'json') return JSON.parse(text)
    return format === 'bytes' ? Bytes.from(text) : text
  }
  const cloudfront = {
    kvs() {
      if (keyValues === undefined) throw new Error('No KeyValueStore is associated with this function.')
      return {
        get: async (key, options) => readValue(key, options && options.format),
        exists: async (key) => keyValues[key] !== undefined,
        count: async () => Object.keys(keyValues).length,
      }
    },
  }
  for (const name of ['updateRequestOrigin', 'selectRequestOriginById', 'createRequestOriginGroup']) {
    cloudfront[name] = () => {
      throw new Error('The embedded CloudFront has no cf.' + name + '().')
    }
  }

  const modules = { crypto, querystring }
  if (isRuntime2) {
    Object.assign(modules, { cloudfront, buffer: { Buffer: Bytes } })
    define(globalThis, 'Buffer', Bytes)
  } else {
    define(String, 'bytesFrom', (source, encoding) => byteString(typeof source === 'string' ? encode(source, encoding) : source))
    define(String.prototype, 'toUTF8', function (start, end) {
      return byteString(encode(this.slice(start, end)))
    })
    define(String.prototype, 'fromUTF8', function (start, end) {
      return decode(bytesOf(this.slice(start, end)))
    })
    define(String.prototype, 'toBytes', function (start, end) {
      const text = String(this.slice(start, end))
      return bytesOf(text).some((one) => one > 255) ? null : text
    })
    define(String.prototype, 'fromBytes', function (start, end) {
      return String(this.slice(start, end))
    })
  }
  define(globalThis, 'require', (name) => {
    if (!Object.prototype.hasOwnProperty.call(modules, name)) throw new Error('Cannot find module "' + name + '"')
    return modules[name]
  })

  let outcome
  const fail = (error) => {
    const isError = error instanceof Error
    outcome = { error: isError ? error.name + ': ' + error.message : 'Thrown: ' + describe(error) }
  }
  return {
    start(makeHandler, inputJson) {
      const input = JSON.parse(inputJson)
      outcome = { error: 'The handler returned a promise that never settles.' }
      logs = []
      nowMs = input.nowMs
      randomState = input.seed | 0 || 1
      keyValues = input.keyValues
      const { event, rawQueryString } = input
      if (event.request && rawQueryString !== undefined) {
        define(event.request, 'rawQueryString', () => rawQueryString)
      }
      try {
        const handler = makeHandler()
        if (handler === undefined) throw new ReferenceError('"handler" is not defined')
        Promise.resolve(handler(event)).then((value) => {
          outcome = { value: value === undefined ? null : value }
        }, fail)
      } catch (error) {
        fail(error)
      }
    },
    finish: () => JSON.stringify({ ...outcome, logs }),
  }
})
`
