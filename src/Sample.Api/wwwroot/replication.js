import { send } from './api.js';
import { $, say } from './dom.js';

let paused = false;
let moving = false;

const seconds = value => `${value.toFixed(1)} s`;

export async function refreshReplication() {
  const { data: state } = await send('GET', 'api/replication');
  paused = state.paused;
  const behind = state.lagSeconds > 0;

  $('provider').textContent = state.provider;
  $('lag').textContent = !state.hasReplica ? 'no replica: everything runs on the primary'
    : (paused ? 'replication is paused' : 'replication')
      + (behind ? ` · ${seconds(state.lagSeconds)} behind` : paused ? '' : ' · the replica shows everything');
  $('lag').classList.toggle('behind', behind);
  $('wire').className = `wire ${behind ? 'behind' : ''} ${paused ? 'paused' : ''}`;

  $('health').textContent = state.hasReplica ? `${state.health}: ${state.healthText}` : '';
  $('health').classList.toggle('bad', state.health !== 'Healthy');

  $('session').textContent = !state.hasReplica ? ''
    : state.sessionPosition === null || reached(state.replicaPosition, state.sessionPosition) ? 'your session waits for nothing'
    : `your session wrote up to ${state.sessionPosition} · the replica is at ${state.replicaPosition ?? 'an unknown position'}`;

  $('pause').hidden = $('catch-up').hidden = !state.canPause;
  $('pause').textContent = paused ? 'Resume' : 'Pause';
  $('delay-control').hidden = state.longestDelaySeconds === 0;
  $('delay').max = state.longestDelaySeconds;
  if (!moving) showDelay(state.delaySeconds);
}

function showDelay(value) {
  $('delay').value = value;
  $('delay-value').textContent = seconds(value);
}

export function startReplication() {
  $('delay').addEventListener('input', () => {
    moving = true;
    $('delay-value').textContent = seconds($('delay').valueAsNumber);
  });
  $('delay').addEventListener('change', async () => {
    await send('PUT', 'api/replication', { delaySeconds: $('delay').valueAsNumber });
    moving = false;
  });
  $('pause').addEventListener('click', async () => {
    await send('POST', `api/replication/${paused ? 'resume' : 'pause'}`);
    await refreshReplication();
  });
  $('catch-up').addEventListener('click', async () => {
    const { ok } = await send('POST', 'api/replication/catch-up');
    if (ok) say('The replica shows everything that was committed.');
    await refreshReplication();
  });
}

// Positions are numbers of up to 128 bits.
function reached(has, needs) {
  return has !== null && /^\d+$/.test(has) && /^\d+$/.test(needs) && BigInt(has) >= BigInt(needs);
}
