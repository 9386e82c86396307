import { send } from './api.js';
import { $, say } from './dom.js';

export async function refreshRollout() {
  const { data } = await send('GET', 'api/rollout');
  const inShadow = data.percent === 0;
  $('shadow').checked = inShadow;
  $('shadow-report').hidden = !inShadow;
  $('report').textContent = data.report;
}

export function startRollout() {
  $('shadow').addEventListener('change', async () => {
    const inShadow = $('shadow').checked;
    const { ok } = await send('PUT', 'api/rollout', { percent: inShadow ? 0 : 100 });
    if (ok) say(inShadow ? 'Everything runs on the primary now, and nothing is refused.' : 'Requests are routed again.');
    await refreshRollout();
  });
  $('clear-report').addEventListener('click', async () => {
    await send('DELETE', 'api/rollout/report');
    await refreshRollout();
  });
}
