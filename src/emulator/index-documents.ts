// The CloudFront Function that most static sites on a plain S3 origin have: S3's REST endpoint knows no index documents below the root.

/** For the viewer-request event of a behavior: `/blog/` and `/blog` stand for `/blog/index.html`. */
export const INDEX_DOCUMENTS_FUNCTION = `function handler(event) {
  var request = event.request
  if (request.uri.endsWith('/')) request.uri += 'index.html'
  else if (!request.uri.split('/').pop().includes('.')) request.uri += '/index.html'
  return request
}
`
