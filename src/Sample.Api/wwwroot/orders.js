import { send } from './api.js';
import { $, badge, el, money, say, time } from './dom.js';

const products = [
  ['Abacus', 24.9], ['Difference engine, model', 129], ['Punched cards, 500', 18.5], ['Slide rule', 32], ['Moth, framed', 9.47],
];

/** What this page's commands did on the primary and the replica does not show yet: order number -> order. */
const ahead = new Map();

export async function refreshOrders() {
  const text = $('search').value.trim();
  const { ok, data: orders, route } = await send('GET', text
    ? `api/orders/search?text=${encodeURIComponent(text)}`
    : `api/orders?fresh=${$('fresh').checked}`);
  if (!ok) return;

  const [, server, reason] = /: (\w+) \((\w+)\)/.exec(route) ?? [];
  if (server) $('list-route').replaceWith(Object.assign(badge(server, `from the ${server}`), { id: 'list-route', title: reason }));
  const fromReplica = server === 'Replica';
  if (fromReplica) forgetWhatArrived(orders);
  const missing = fromReplica && !text ? [...ahead.values()].filter(order => !orders.some(shown => shown.id === order.id)) : [];
  $('orders').replaceChildren(
    ...missing.sort((a, b) => b.id - a.id).map(order => row(order, true)),
    ...orders.map(order => row(order, false, fromReplica ? ahead.get(order.id)?.status : undefined)));
  $('no-orders').hidden = orders.length + missing.length > 0;
}

function forgetWhatArrived(orders) {
  for (const order of orders)
    if (ahead.get(order.id)?.status === order.status) ahead.delete(order.id);
}

function row(order, onlyOnPrimary, statusOnPrimary) {
  const differs = statusOnPrimary && statusOnPrimary !== order.status;
  return el('tr', { class: onlyOnPrimary ? 'ghost' : '', 'data-order': order.id },
    el('td', {}, el('button', { class: 'plain', type: 'button', onclick: () => showDetails(order.id) }, `#${order.id}`)),
    el('td', { title: order.email }, order.customer),
    el('td', {},
      onlyOnPrimary ? badge('Primary', 'not on the replica yet') : el('span', { class: `status ${order.status}` }, order.status),
      differs ? el('span', { class: 'ahead' }, badge('Primary', `${statusOnPrimary} on the primary`)) : null),
    el('td', { class: 'number' }, money(order.total)),
    el('td', { class: 'quiet' }, time(order.placedAt)),
    el('td', { class: 'actions' },
      ...order.status === 'Placed' ? [
        el('button', { class: 'plain', type: 'button', onclick: () => pay(order) }, 'Pay'),
        el('button', { class: 'plain', type: 'button', onclick: () => cancel(order) }, 'Cancel')] : []));
}

async function place(event) {
  event.preventDefault();
  const form = new FormData($('place'));
  const [product, unitPrice] = products[form.get('product')];
  const quantity = Number(form.get('quantity'));
  const order = { email: form.get('email'), name: form.get('name'), lines: [{ product, quantity, unitPrice }] };
  const { ok, data } = await send('POST', 'api/orders', order);
  if (!ok) return;
  ahead.set(data.id, {
    id: data.id, customer: order.name, email: order.email, status: 'Placed', total: quantity * unitPrice, placedAt: new Date(),
  });
  say(`Order #${data.id} is committed on the primary.`);
  await refreshOrders();
}

async function pay(order) {
  const { ok, data } = await send('POST', `api/orders/${order.id}/pay`);
  if (!ok) return;
  ahead.set(order.id, { ...order, status: 'Paid' });
  say(`Order #${order.id} is paid. ${order.customer} has ${data.customer.paidOrders} paid order(s) and ${data.customer.points} points.`);
  await refreshOrders();
}

async function cancel(order) {
  const { ok } = await send('POST', `api/orders/${order.id}/cancel`);
  if (!ok) return;
  ahead.set(order.id, { ...order, status: 'Cancelled' });
  say(`Order #${order.id} is cancelled.`);
  await refreshOrders();
}

async function showDetails(id) {
  const { status, data: order, route } = await send('GET', `api/orders/${id}`);
  if (status === 404) return say(`${route} – the replica does not have order #${id} yet.`, true);
  $('details').replaceChildren(
    el('h2', {}, `Order #${order.id}`),
    el('p', { class: 'quiet' }, `${order.customer} · ${order.email} · ${order.status}`),
    el('table', {}, el('tbody', {}, ...order.lines.map(line => el('tr', {},
      el('td', {}, line.product), el('td', { class: 'number' }, `${line.quantity} × ${money(line.unitPrice)}`))))),
    el('p', { class: 'number' }, el('b', {}, money(order.total))),
    el('form', { method: 'dialog' }, el('button', {}, 'Close')));
  $('details').showModal();
}

export function startOrders() {
  $('place').elements.product.append(...products.map(([name, price], index) => el('option', { value: index }, `${name} · ${money(price)}`)));
  $('place').addEventListener('submit', place);
  $('search').addEventListener('input', refreshOrders);
  $('fresh').addEventListener('change', refreshOrders);
}
