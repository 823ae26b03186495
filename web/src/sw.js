/* Service worker: the application starts without a network and says so. It keeps files of the application only, never an answer of the API:
 * whoever takes this device later finds nothing of the customers in its caches. */
const version = 'VERSION'
const files = ['FILES']
const cacheName = 'guanxi-' + version

self.addEventListener('install', e => {
  e.waitUntil(caches.open(cacheName).then(c => c.addAll(files)).then(() => self.skipWaiting()))
})
self.addEventListener('activate', e => {
  e.waitUntil(caches.keys()
    .then(keys => Promise.all(keys.filter(k => k.startsWith('guanxi-') && k !== cacheName).map(k => caches.delete(k))))
    .then(() => self.clients.claim()))
})

/* A page: the server's, so that a new version comes at once; without it the one that is kept. */
async function page(request) {
  try {
    return await fetch(request)
  } catch (e) {
    const kept = await caches.match('/', { cacheName })
    if (kept) return kept
    throw e
  }
}
/* Names of files hold their hash: what is kept is right. */
async function file(request) {
  const kept = await caches.match(request, { cacheName, ignoreVary: true })
  if (kept) return kept
  const answer = await fetch(request)
  if (answer.ok) {
    const copy = answer.clone()
    await caches.open(cacheName).then(c => c.put(request, copy)).catch(() => undefined)
  }
  return answer
}

self.addEventListener('fetch', e => {
  const url = new URL(e.request.url)
  if (e.request.method !== 'GET' || url.origin !== self.location.origin || /^\/(api|healthz|readyz|metrics)/.test(url.pathname)) return
  if (e.request.mode === 'navigate') e.respondWith(page(e.request))
  else if (url.pathname.startsWith('/assets/') || files.includes(url.pathname)) e.respondWith(file(e.request))
})
