import { send } from './api.js';
import { $, say } from './dom.js';
import { refreshLog } from './log.js';
import { refreshOrders, startOrders } from './orders.js';
import { refreshReplication, startReplication } from './replication.js';
import { refreshRollout, startRollout } from './rollout.js';

const period = 1000;
let reachable = true;

async function refresh() {
  try {
    if (!document.hidden) {
      await refreshOrders();
      await Promise.all([refreshReplication(), refreshLog(), refreshRollout()]);
    }
    if (!reachable) say('The server is back.');
    reachable = true;
  } catch (error) {
    if (reachable) say(`The server does not answer (${error.message}).`, true);
    reachable = false;
  }
  setTimeout(refresh, period);
}

startOrders();
startReplication();
startRollout();
$('mistake').addEventListener('click', () => send('POST', 'api/mistakes/query-that-writes'));
$('command-mistake').addEventListener('click', () => send('POST', 'api/mistakes/query-that-sends-a-command/2'));
refresh();
