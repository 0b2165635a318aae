// The published client, as the user of an account.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';

import { AuthenticationError, SnackBaseClient, SnackBaseError } from '@snackbase/sdk';

import { call, setTheStage } from './stage.mjs';

let stage;
let client;
let berlin;
const people = [];

const names = (page) => page.items.map((item) => item.name);

before(async () => {
  stage = await setTheStage();
  client = new SnackBaseClient({ baseUrl: stage.url, storageBackend: 'memory', maxRetries: 0 });
});

test('a wrong password is an authentication error', async () => {
  await assert.rejects(client.login({ ...stage.credentials, password: 'wrong' }), AuthenticationError);
  assert.equal(client.isAuthenticated, false);
});

test('logs in', async () => {
  const session = await client.login(stage.credentials);
  assert.equal(session.user.email, 'ann@example.com');
  assert.equal(session.account.id, stage.account.id);
  assert.equal(client.isAuthenticated, true);
  assert.equal(client.isSuperadmin, false);
});

test('gets the current user', async () => {
  const me = await client.getCurrentUser();
  assert.equal(me.user_id, stage.user.id);
  assert.equal(me.account_id, stage.account.id);
  assert.equal(me.role, 'user');
});

test('creates', async () => {
  berlin = await client.records.create('cities', { name: 'Berlin' });
  const bodies = [
    { name: 'Ann', age: 31, active: true, city: berlin.id, status: 'busy' },
    { name: 'Bob', age: 25, active: false },
    { name: 'Cy', age: 25, active: true, city: berlin.id },
  ];
  for (const body of bodies) {
    people.push(await client.records.create('people', body));
  }
  assert.equal(people[0].created_by, stage.user.id);
  assert.equal(people[1].status, 'new');
  assert.equal(people[1].city, null);
});

test('a body that does not fit is refused with the reasons', async () => {
  await assert.rejects(client.records.create('people', { age: 'old' }), (error) => {
    assert.ok(error instanceof SnackBaseError);
    assert.equal(error.message, 'Validation error');
    assert.deepEqual(error.details.details.map((fault) => fault.field), ['name', 'age']);
    return true;
  });
});

test('gets, with fields and expansion', async () => {
  const whole = await client.records.get('people', people[0].id, { expand: ['city'] });
  assert.equal(whole.city.name, 'Berlin');
  const narrow = await client.records.get('people', people[0].id, { fields: ['name', 'age'] });
  assert.deepEqual([narrow.name, narrow.age, 'status' in narrow], ['Ann', 31, false]);
});

test('lists with a filter', async () => {
  const list = (filter) => client.records.list('people', { filter, sort: '+name' });
  assert.deepEqual(names(await list('status = "new"')), ['Bob', 'Cy']);
  assert.deepEqual(names(await list('age > 30')), ['Ann']);
  assert.deepEqual(names(await list('age = 25 && active = true')), ['Cy']);
  assert.deepEqual(names(await list('name ~ "b%" || city IS NULL')), ['Bob']);
  assert.deepEqual(names(await list('active = true')), ['Ann', 'Cy']);
  assert.deepEqual(names(await list('name IN ("Ann", "Cy")')), ['Ann', 'Cy']);
});

test('lists sorted, page by page, with fields and expansion', async () => {
  const page = await client.records.list('people', {
    sort: '-age',
    skip: 1,
    limit: 1,
    fields: ['name', 'age', 'city'],
    expand: ['city'],
  });
  assert.equal(page.total, 3);
  assert.deepEqual([page.skip, page.limit, page.items.length], [1, 1, 1]);
  assert.equal('status' in page.items[0], false);
  const all = await client.records.list('people', { sort: '+name', expand: 'city' });
  assert.deepEqual(all.items.map((item) => item.city?.name), ['Berlin', undefined, 'Berlin']);
});

test('queries with the builder', async () => {
  const query = () => client.records.query('people');
  const found = await query().filter('age', '>=', 25).filter('active', '=', true).sort('name').get();
  assert.deepEqual(names(found), ['Ann', 'Cy']);
  assert.deepEqual(names(await query().filter('status', '=', 'new').sort('name', 'desc').get()), ['Cy', 'Bob']);
  assert.deepEqual(names(await query().filter('age > 20 && city IS NOT NULL').sort('name').get()), ['Ann', 'Cy']);
  assert.deepEqual(names(await query().filter('name', '~', 'A%').get()), ['Ann']);
  assert.deepEqual(names(await query().filter('name', 'IN', ['Bob', 'Cy']).sort('name').get()), ['Bob', 'Cy']);
  assert.deepEqual(names(await query().filter('city', 'IS NULL').get()), ['Bob']);
  assert.deepEqual(names(await query().sort('age').sort('name', 'desc').get()), ['Cy', 'Bob', 'Ann']);
  const paged = await query().select(['name']).sort('name').page(2, 2).get();
  assert.deepEqual([names(paged), paged.total], [['Cy'], 3]);
  assert.deepEqual(names(await query().sort('name').limit(1).skip(1).get()), ['Bob']);
  const first = await query().sort('name').expand('city').first();
  assert.equal(first.city.name, 'Berlin');
  assert.equal(await query().filter('name', '=', 'Nobody').first(), null);
});

test('updates and patches', async () => {
  const id = people[1].id;
  const put = await client.records.update('people', id, { name: 'Robert' });
  assert.deepEqual([put.name, put.age, put.status], ['Robert', 25, 'new']);
  const patched = await client.records.patch('people', id, { age: 26.5, city: berlin.id });
  assert.deepEqual([patched.name, patched.age, patched.city], ['Robert', 26.5, berlin.id]);
});

test('deletes', async () => {
  await client.records.delete('people', people[0].id);
  await assert.rejects(client.records.get('people', people[0].id));
  assert.equal((await client.records.list('people')).total, 2);
});

test('creates, updates and deletes in batches', async () => {
  const made = await client.records.batchCreate('people', [{ name: 'Di' }, { name: 'Ed', age: 1 }]);
  assert.deepEqual([made.count, made.created.map((record) => record.name)], [2, ['Di', 'Ed']]);
  const ids = made.created.map((record) => record.id);
  const changes = ids.map((id) => ({ id, data: { status: 'old' } }));
  assert.equal((await client.records.batchUpdate('people', changes)).count, 2);
  await assert.rejects(client.records.batchCreate('people', [{ name: 'Flo' }, {}]));
  assert.equal((await client.records.list('people')).total, 4);
  assert.deepEqual((await client.records.batchDelete('people', ids)).deleted, ids);
  assert.equal((await client.records.list('people')).total, 2);
});

test('uploads a file, downloads and deletes it', async () => {
  const file = await client.files.upload(new Blob(['hello wörld'], { type: 'text/plain' }), { filename: 'a.txt' });
  assert.deepEqual([file.filename, file.size, file.mime_type], ['a.txt', 12, 'text/plain']);
  const address = client.files.getDownloadUrl(file.path);
  const response = await fetch(address);
  assert.equal(response.status, 200);
  assert.equal(await response.text(), 'hello wörld');
  await client.files.delete(file.path);
  assert.equal((await fetch(address)).status, 404);
});

test('refreshes its token', async () => {
  const session = await client.refreshToken();
  assert.equal(typeof session.token, 'string');
  assert.equal((await client.getCurrentUser()).user_id, stage.user.id);
});

test('logs out, which ends the sign-in', async () => {
  const { refresh_token: refreshToken } = await client.refreshToken();
  assert.equal(typeof refreshToken, 'string');
  await client.logout();
  assert.equal(client.isAuthenticated, false);
  await call('POST', '/auth/refresh', { body: { refresh_token: refreshToken }, status: 401 });
  await assert.rejects(client.records.list('people'));
});
