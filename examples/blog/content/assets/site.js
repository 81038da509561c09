// Adds one thing to the page: on request, what the caches on the way said about this page.
const delivery = document.querySelector('[data-delivery]')
const button = delivery.querySelector('button')
const list = delivery.querySelector('dl')

// Header → what to call it. CloudFront sends the first three; `Age` is missing when the answer came from the origin.
const facts = [
  ['x-cache', 'Cache says'],
  ['age', 'Seconds in the cache'],
  ['x-amz-cf-pop', 'Edge location'],
  ['cache-control', 'Cache-Control'],
  ['etag', 'ETag'],
]

button.addEventListener('click', async () => {
  button.disabled = true
  try {
    // `no-store` keeps the browser's own cache out of it; CloudFront takes no notice.
    const { headers } = await fetch(location.href, { method: 'HEAD', cache: 'no-store' })
    const known = facts.filter(([name]) => headers.has(name))
    show(known.length > 0 ? known.map(([name, label]) => [label, headers.get(name)]) : [['Cache says', 'nothing']])
  } catch (error) {
    show([['No answer', error.message]])
  } finally {
    button.disabled = false
  }
})
delivery.hidden = false

function show(rows) {
  list.replaceChildren(...rows.flatMap(([label, value]) => [element('dt', label), element('dd', value)]))
}

function element(name, text) {
  return Object.assign(document.createElement(name), { textContent: text })
}
