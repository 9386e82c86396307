import { send } from './api.js';
import { $, badge, el, time } from './dom.js';

const reasons = {
  NoRequest: 'no request is running',
  Query: 'a query outside any transaction',
  Command: 'a command',
  Unclassified: 'neither query nor command',
  InsideCommand: 'inside a command',
  ForcedPrimary: 'the primary was asked for',
  ReadFromPrimary: 'the query is marked [ReadFromPrimary]',
  Shadow: 'shadow mode: as if nothing was routed',
  RecentWrite: 'this session wrote a moment ago',
  NotCaughtUp: 'the replica does not have what this session wrote yet',
  PositionUnknown: 'the replica does not tell what it has',
  TooStale: 'the replica is older than the query allows',
  ReplicaUnavailable: 'the replica does not answer, or could not serve it',
  ReplicaLagging: 'the replica lags beyond its limit',
  NotAReplica: 'the server in its place is no replica of this primary',
  AfterInnerCommand: 'the query sent a command before',
  OpenConnection: 'its transaction is open there',
  AmbientTransaction: 'a TransactionScope is open',
  NoReplica: 'there is no replica',
  ReplicaMismatch: 'the replica may not belong to this primary',
};

let newest;

export async function refreshLog() {
  const { data } = await send('GET', 'api/log');
  $('primary-commands').textContent = data.primaryCommands;
  $('replica-commands').textContent = data.replicaCommands;

  const top = data.entries[0];
  const mark = top && `${top.id} ${top.times}`;
  if (mark === newest) return;
  newest = mark;
  $('log').replaceChildren(...data.entries.map(line));
}

const line = entry => el('li', {},
  el('div', { class: 'what' },
    el('span', {}, entry.source),
    entry.times > 1 ? el('span', { class: 'chip', title: 'The same, several times in a row' }, `× ${entry.times}`) : null,
    entry.status >= 400 ? el('span', { class: 'chip is-refused' }, `refused: ${entry.status}`) : null,
    el('time', { datetime: entry.at }, time(entry.at))),
  ...entry.steps.flatMap(step => [
    el('div', { class: 'step' },
      badge(step.route),
      el('b', {}, step.request),
      el('span', { class: 'why', title: step.reason }, (reasons[step.reason] ?? step.reason)
        + (step.waitedMilliseconds > 0 ? ` · waited ${step.waitedMilliseconds.toFixed(0)} ms` : ''))),
    el('div', { class: 'chain', title: 'What led to this decision' }, step.chain.replaceAll('; ', ' → '))]),
  el('div', { class: 'sent' }, `database commands: ${entry.primaryCommands} on the primary, ${entry.replicaCommands} on the replica`));
