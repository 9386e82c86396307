import { $, say } from './dom.js';

/** Sends a request and returns { ok, status, data, route }; an error is told to the person. `route` is such as "ListOrders: Replica (Query)". */
export async function send(method, path, body) {
  const response = await fetch(path, {
    method,
    // Without cookies every request is a stranger's.
    credentials: $('remember').checked ? 'same-origin' : 'omit',
    headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  const data = text && response.headers.get('Content-Type')?.includes('json') ? JSON.parse(text) : null;
  if (!response.ok && response.status !== 404) say(data?.detail ?? data?.title ?? `${response.status} ${response.statusText}`, true);
  return { ok: response.ok, status: response.status, data, route: response.headers.get('X-Route') ?? '' };
}
