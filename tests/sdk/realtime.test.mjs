// The published clients, unmodified, hear of changes over either transport. Node has neither WebSocket
// nor EventSource of its own, so the packages that stand for them do.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { SnackBaseClient } from '@snackbase/sdk';
import { EventSource } from 'eventsource';
import { JSDOM } from 'jsdom';
import WebSocket from 'ws';

import { call } from './stage.mjs';

const url = process.env.SNACKBASE_URL;
const password = 'Str0ng!Passw0rd';
const clients = [];
let credentials;
let writer;

before(async () => {
  const superadmin = {
    account: 'SY0000',
    email: process.env.SUPERADMIN_EMAIL,
    password: process.env.SUPERADMIN_PASSWORD,
  };
  const { token } = await call('POST', '/auth/login', { body: superadmin, status: 200 });
  const post = (path, body, status = 201) => call('POST', path, { token, body, status });
  const account = await post('/accounts', { name: 'Listeners' });
  const email = 'lee@example.com';
  const user = await post('/users', { email, password, account_id: account.id, role_id: 2 });
  await post(`/users/${user.id}/verify`, {}, 200);
  const open = { list_rule: '', view_rule: '', create_rule: '', update_rule: '', delete_rule: '' };
  await post('/collections', { name: 'news', schema: [{ name: 'title', type: 'text' }], ...open });
  await post('/collections', {
    name: 'drafts',
    schema: [{ name: 'title', type: 'text' }],
    ...open,
    list_rule: null,
  });
  credentials = { account: account.account_code, email, password };
  writer = await signedIn();
});

after(() => clients.forEach((client) => client.realtime.disconnect()));

async function signedIn() {
  const client = new SnackBaseClient({ baseUrl: url, storageBackend: 'memory', maxRetries: 0 });
  await client.login(credentials);
  clients.push(client);
  return client;
}

// Events in the order in which they come, each to be waited for.
function gathered(client, name) {
  const waiting = [];
  const there = [];
  client.realtime.on(name, (event) => {
    const taker = waiting.shift();
    taker ? taker(event) : there.push(event);
  });
  return () => (there.length ? Promise.resolve(there.shift()) : new Promise((resolve) => waiting.push(resolve)));
}

async function hearsOfChanges(client) {
  const created = gathered(client, 'news.create');
  const all = gathered(client, 'news.*');
  const made = await writer.records.create('news', { title: 'one' });
  assert.deepEqual((await created()).title, 'one');
  await writer.records.patch('news', made.id, { title: 'two' });
  await writer.records.delete('news', made.id);
  const heard = [await all(), await all(), await all()];
  assert.deepEqual(heard.map((data) => [data.id, data.title]), [
    [made.id, 'one'],
    [made.id, 'two'],
    [made.id, undefined],
  ]);
}

test('the SDK subscribes by WebSocket', { timeout: 30_000 }, async () => {
  globalThis.WebSocket = WebSocket;
  const client = await signedIn();
  await client.realtime.connect();
  assert.equal(client.realtime.getState(), 'connected');
  await client.realtime.subscribe('news');
  await hearsOfChanges(client);
  await client.realtime.unsubscribe('news');
  await client.realtime.subscribe('news', ['delete']);
  const message = gathered(client, 'message');
  const made = await writer.records.create('news', { title: 'unheard' });
  await writer.records.delete('news', made.id);
  const heard = await message();
  assert.deepEqual([heard.type, heard.data], ['news.delete', { id: made.id }]);
});

test('what may not be listed cannot be subscribed to', { timeout: 30_000 }, async () => {
  globalThis.WebSocket = WebSocket;
  const client = await signedIn();
  await client.realtime.connect();
  const message = gathered(client, 'message');
  const subscribed = client.realtime.subscribe('drafts').then(() => 'confirmed', () => 'timed out');
  assert.deepEqual(await message(), { error: 'Subscription denied', collection: 'drafts' });
  assert.equal(await subscribed, 'timed out');
});

test('the SDK subscribes by server-sent events', { timeout: 30_000 }, async () => {
  delete globalThis.WebSocket;
  globalThis.EventSource = EventSource;
  const client = await signedIn();
  await client.realtime.subscribe('news', ['create', 'update', 'delete']);
  await client.realtime.connect();
  assert.equal(client.realtime.getState(), 'connected');
  await hearsOfChanges(client);
});

for (const transport of ['WebSocket', 'server-sent events']) {
  test(`the React package subscribes by ${transport}`, { timeout: 30_000 }, async () => {
    globalThis.window ??= new JSDOM('<div id="root"></div>').window;
    globalThis.document ??= window.document;
    globalThis.navigator ??= window.navigator;
    const { createElement } = await import('react');
    const { createRoot } = await import('react-dom/client');
    const { SnackBaseProvider, useSubscription } = await import('@snackbase/react');
    if (transport === 'WebSocket') {
      globalThis.WebSocket = WebSocket;
    } else {
      delete globalThis.WebSocket;
      globalThis.EventSource = EventSource;
    }
    const client = await signedIn();
    if (transport !== 'WebSocket') {
      // A stream has the subscriptions that there are when it begins.
      await client.realtime.subscribe('news');
    }
    const heard = [];
    let connected = false;
    let told = () => {};
    function Titles() {
      const subscription = useSubscription('news', 'create', (record) => {
        heard.push(record.title);
        told();
      });
      connected = subscription.connected;
      queueMicrotask(() => told());
      return null;
    }
    const root = createRoot(document.getElementById('root'));
    const until = async (there) => {
      while (!there()) {
        await new Promise((resolve) => {
          told = resolve;
        });
      }
    };
    root.render(createElement(SnackBaseProvider, { client }, createElement(Titles)));
    await until(() => connected);
    // Connected is not subscribed yet, and the hook does not tell when it is.
    while (heard.length === 0) {
      await writer.records.create('news', { title: `by ${transport}` });
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    assert.equal(heard[0], `by ${transport}`);
    root.unmount();
  });
}
