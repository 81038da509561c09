import { describe, expect, it } from 'vitest'
import { parseRedirectsFile } from './redirects-file.ts'

describe('parseRedirectsFile', () => {
  it('reads redirects and rewrites, permanent ones by default', () => {
    const text = `# moved
/old            /new
/sale           https://shop.example.com/sale#top  302  # until Sunday
/news/*         /blog/:splat  308!
/:year/:slug    /posts/:slug?year=:year
/*              /index.html   200
`
    expect(parseRedirectsFile(text)).toEqual({
      rules: [
        { from: '/old', to: '/new', status: 301, force: false, line: 2 },
        { from: '/sale', to: 'https://shop.example.com/sale#top', status: 302, force: false, line: 3 },
        { from: '/news/*', to: '/blog/:splat', status: 308, force: true, line: 4 },
        { from: '/:year/:slug', to: '/posts/:slug?year=:year', status: 301, force: false, line: 5 },
        { from: '/*', to: '/index.html', status: 200, force: false, line: 6 },
      ],
      faults: [],
    })
  })

  it.each([
    ['old /new', 'A line is /from /to, and a status such as 301.'],
    ['/old', 'There is no place that /old leads to: a path that begins with /, or a whole URL.'],
    ['https://a.example/x /y', 'Redirects by host are not supported; begin with the path.'],
    ['/store id=:id /shop/:id 301', 'Redirects by query parameters (id=:id) are not supported.'],
    ['/ /fr 302 Country=fr', 'Redirects on conditions (Country=fr) are not supported.'],
    ['/ /fr Language=fr', 'Redirects on conditions (Language=fr) are not supported.'],
    [
      '/* /404.html 404',
      "Status 404 is not a redirect: error pages are custom error responses of the distribution, or the website's error document.",
    ],
    ['/a /b 3O1', '3O1 is not a status that a redirect can have: 200, 301, 302, 303, 307, 308.'],
    [
      '/api/* https://api.example/:splat 200',
      'Status 200 to another host is a proxy, which needs an origin of its own.',
    ],
    ['/a?b=1 /c', '/a?b=1 has a ? or # in it; redirects go by the path alone.'],
    ['/*/a/* /b', '/*/a/* has more than one *.'],
    ['/:a/:a /b', '/:a/:a names a placeholder twice.'],
    ['/a /b/:splat', '/a has nothing that :splat could stand for.'],
    ['/a /é', 'Write /é percent-encoded.'],
    ['/a /a', '/a leads to itself.'],
  ])('says what is wrong with %j', (text, what) => {
    expect(parseRedirectsFile(text).faults).toEqual([{ line: 1, what }])
  })
})
