#!/usr/bin/env node
// A stand-in for the server with its data in memory: takes the same arguments, serves the built UI
// with the same headers and answers the calls that the UI makes. For work on the UI alone.
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fileFault, fileRoutes, withFileTexts } from './stand-in-files.mjs';
import { compileFilter, Reply } from './stand-in-filter.mjs';
import { mailRoutes } from './stand-in-mail.mjs';
import { operationsRoutes } from './stand-in-operations.mjs';
import { peopleRoutes } from './stand-in-people.mjs';
import { structureRoutes } from './stand-in-structure.mjs';

const argument = (name, fallback) => {
  const at = process.argv.indexOf(`--${name}`);
  return at > 0 ? process.argv[at + 1] : fallback;
};
const host = argument('host', '127.0.0.1');
const port = Number(argument('port', '8000'));
const lifetime = Number(process.env.STAND_IN_TOKEN_SECONDS ?? 3600);
const dist = fileURLToPath(new URL('../../frontend/dist', import.meta.url));

const SYSTEM = '00000000-0000-0000-0000-000000000000';
const now = () => new Date().toISOString();
const setupToken = randomUUID().replaceAll('-', '');
const accounts = [{ id: SYSTEM, account_code: 'SY0000', slug: 'system', name: 'System Account', created_at: now(), updated_at: now() }];
const roles = [
  { id: 1, name: 'admin', description: 'Administrator with full access' },
  { id: 2, name: 'user', description: 'Regular user with limited access' },
];
const users = [];
const collections = [];
const rows = new Map();
const tokens = new Map();
const refreshTokens = new Map();
let sessions = [];

const invalid = (details) => new Reply(400, { error: 'Validation error', details });
const accountOf = (id) => accounts.find((account) => account.id === id);

function startSession(user) {
  const session = {
    id: randomUUID(), user, created_at: now(), last_used_at: now(), expires_at: new Date(Date.now() + 7 * 86400 * 1000).toISOString(),
    ip_address: '127.0.0.1', user_agent: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/141.0.0.0 Safari/537.36',
  };
  sessions.push(session);
  return session;
}

/** Ends the sessions of a user that the condition holds for. */
function endSessions(user, condition = () => true) {
  for (const session of sessions.filter((candidate) => candidate.user === user && condition(candidate))) {
    tokens.delete(session.token);
    refreshTokens.delete(session.refresh_token);
    sessions = sessions.filter((candidate) => candidate !== session);
  }
}

function issue(user, session = startSession(user)) {
  const token = randomUUID();
  const refresh_token = randomUUID();
  Object.assign(session, { token, refresh_token });
  tokens.set(token, { user, expires: Date.now() + lifetime * 1000 });
  refreshTokens.set(refresh_token, user);
  return { token, refresh_token, expires_in: lifetime };
}

function loginReply(user) {
  const { id, slug, name, created_at } = accountOf(user.account_id);
  return {
    ...issue(user),
    account: { id, slug, name, created_at },
    user: { id: user.id, email: user.email, role: roleName(user), is_active: true, created_at: user.created_at },
  };
}

const roleName = (user) => roles.find((role) => role.id === user.role_id).name;
const userObject = ({ password, ...user }) => ({
  ...user,
  account_code: accountOf(user.account_id).account_code,
  account_name: accountOf(user.account_id).name,
  role_name: roleName(user),
});

function makeUser({ email, password, account_id, role_id }, verified = false) {
  const user = {
    id: randomUUID(), email, password, account_id, role_id, is_active: true, auth_provider: 'password', auth_provider_name: null,
    external_id: null, external_email: null, profile_data: null, email_verified: verified,
    email_verified_at: verified ? now() : null, created_at: now(), last_login: null,
  };
  users.push(user);
  return user;
}

function checkPassword(password) {
  if ([...password].length < 12) {
    throw invalid([{ field: 'password', message: 'Password must be at least 12 characters', code: 'password_too_short' }]);
  }
}

function caller(request) {
  const token = /^bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const known = token && tokens.get(token);
  if (!known) throw new Reply(401, { detail: token ? 'Invalid token' : 'Missing authentication credentials' });
  if (known.expires < Date.now()) throw new Reply(401, { detail: 'Token has expired' });
  return { user: known.user, token };
}

/** Orders and cuts a list by the parameters of the paged lists. */
function paged(items, query, map = (item) => item) {
  const page = Number(query.get('page') ?? 1);
  const size = Number(query.get('page_size') ?? 25);
  const found = ordered(items, query.get('sort_by') ?? 'created_at', query.get('sort_order') !== 'asc');
  return {
    items: found.slice((page - 1) * size, page * size).map(map),
    total: found.length, page, page_size: size, total_pages: Math.ceil(found.length / size),
  };
}

function ordered(items, key, descending) {
  const direction = descending ? -1 : 1;
  const rank = (value) => (value === null || value === undefined ? '' : value);
  return [...items].sort((a, b) => direction * (rank(a[key]) < rank(b[key]) ? -1 : rank(a[key]) > rank(b[key]) ? 1 : 0));
}

function collectionNamed(name) {
  const found = collections.find((collection) => collection.name === name);
  if (!found) throw new Reply(404, { error: 'Not found', message: `Collection '${name}' not found` });
  return found;
}

const fieldDefaults = {
  required: false, default: null, unique: false, options: null, collection: null, on_delete: null,
  pii: false, mask_type: null, expression: null, return_type: null,
};

function checkSchema(name, schema) {
  const faults = schema.flatMap((field, index) => {
    if (field.type === 'reference' && field.collection !== name && !collections.some((collection) => collection.name === field.collection)) {
      return [`schema[${index}].collection: Target collection '${field.collection}' does not exist`];
    }
    if (field.type === 'computed' && /^@|\($/.test(field.expression)) {
      return [`schema[${index}].expression: Invalid expression syntax: Unexpected token: EOF at position ${field.expression.length}`];
    }
    return [];
  });
  return faults.join('; ');
}

function makeCollection(body) {
  const id = randomUUID();
  const times = { created_at: now(), updated_at: now() };
  const rules = { id: randomUUID(), collection_id: id, ...times };
  for (const key of ['list', 'view', 'create', 'update', 'delete', 'update_check']) rules[`${key}_rule`] = body[`${key}_rule`] ?? null;
  for (const key of ['list', 'view', 'create', 'update']) rules[`${key}_fields`] = '*';
  const schema = body.schema.map((field) => ({ ...fieldDefaults, ...field }));
  const made = { id, name: body.name, table_name: `col_${body.name.toLowerCase()}`, schema, indexes: body.indexes ?? [], ...times, rules };
  collections.push(made);
  rows.set(body.name, []);
  return made;
}

const summary = (collection) => ({
  id: collection.id, name: collection.name, table_name: collection.table_name, fields_count: collection.schema.length,
  records_count: rows.get(collection.name).length,
  has_public_access: ['list', 'view', 'create', 'update', 'delete'].some((key) => collection.rules[`${key}_rule`] === ''),
  created_at: collection.created_at,
});
const collectionObject = ({ rules, ...collection }) => collection;

function checkRecord(collection, body, existing, account = existing?.account_id ?? SYSTEM) {
  const details = [];
  for (const key of Object.keys(body)) {
    if (!collection.schema.some((field) => field.name === key)) {
      details.push({ field: key, message: `Unknown field '${key}' not defined in collection schema`, code: 'unknown_field' });
    }
  }
  for (const { name, type, required, unique, collection: target } of collection.schema) {
    const value = body[name];
    if (value === undefined || value === null) {
      if (required && (value === null || !existing)) details.push({ field: name, message: `Required field '${name}' is missing`, code: 'required_missing' });
      continue;
    }
    const taken = unique && rows.get(collection.name).some((row) => row[name] === value && row.id !== existing?.id);
    if (taken) details.push({ field: name, message: `Value for field '${name}' must be unique`, code: 'unique_violation' });
    const fault = type === 'file' ? fileFault(value, account) : undefined;
    if (fault) details.push({ field: name, ...fault });
    if (type === 'reference' && !rows.get(target).some((row) => row.id === value)) {
      details.push({ field: name, message: `Referenced record '${value}' not found in collection '${target}'`, code: 'invalid_reference' });
    }
  }
  if (details.length > 0) throw invalid(details);
}

/** Computed fields: enough for `concat(a, " ", b)`, `upper(a)` and `a * b`. */
function compute(collection, row) {
  const shown = { ...row };
  for (const { name, type, expression } of collection.schema) {
    if (type !== 'computed') continue;
    const product = /^(\w+) \* (\w+)$/.exec(expression);
    const call = /^(concat|upper)\((.*)\)$/.exec(expression);
    const value = (part) => (/^['"]/.test(part) ? part.slice(1, -1) : row[part]);
    if (product) shown[name] = row[product[1]] * row[product[2]];
    else if (call) shown[name] = call[2].split(/,\s*/).map(value).join('')[call[1] === 'upper' ? 'toUpperCase' : 'toString']();
    else shown[name] = null;
  }
  return shown;
}

function expanded(collection, row, expand) {
  for (const name of expand) {
    const field = collection.schema.find((candidate) => candidate.name === name);
    if (row[name]) row[name] = rows.get(field.collection).find((candidate) => candidate.id === row[name]) ?? null;
  }
  return row;
}

const state = {
  SYSTEM, accounts, accountOf, allSessions: () => sessions, checkPassword, collections, endSessions, loginReply, makeUser, now, roleName, roles, rows,
  sessionsOf: (user) => sessions.filter((session) => session.user === user), userObject, users,
};
const structure = structureRoutes({ ...state, byId, checkRecord, collectionNamed, compute, make: makeCollection });
const mail = mailRoutes(state);
const operations = operationsRoutes(state);

/** Calls that need no user. */
const open = /^\/(setup|auth\/(login|refresh|logout|register|forgot-password|verify-reset-token|reset-password|verify-email|resend-verification)|invitations\/:token)/;
/** Calls that are not for superadmins alone. */
const shared = /^\/(auth|records|files|groups|invitations|audit-logs(?!\/verify))(\/|$)/;

const routes = [
  ['GET', '/setup', () => [200, { needed: users.length === 0 }]],
  ['POST', '/setup', ({ body }) => {
    if (body.token !== setupToken) throw new Reply(403, { detail: 'Invalid setup token' });
    checkPassword(body.password);
    return [201, loginReply(makeUser({ ...body, account_id: SYSTEM, role_id: 1 }, true))];
  }],
  ['POST', '/auth/login', ({ body }) => {
    const account = accounts.find(({ slug, account_code }) => [slug, account_code.toLowerCase()].includes(body.account?.toLowerCase()));
    const user = users.find(({ email, account_id }) => email === body.email && account_id === account?.id);
    if (!user || user.password !== body.password || !user.is_active) throw new Reply(401, { error: 'Authentication failed', message: 'Invalid credentials' });
    if (!user.email_verified) throw new Reply(401, { error: 'Authentication failed', message: 'Email not verified. Please check your email inbox.' });
    user.last_login = now();
    return [200, loginReply(user)];
  }],
  ['POST', '/auth/refresh', ({ body }) => {
    const user = refreshTokens.get(body.refresh_token);
    if (!user) throw new Reply(401, { error: 'Authentication failed', message: 'Invalid or expired refresh token' });
    refreshTokens.delete(body.refresh_token);
    return [200, issue(user, sessions.find((session) => session.refresh_token === body.refresh_token))];
  }],
  ['POST', '/auth/logout', ({ body }) => {
    refreshTokens.delete(body?.refresh_token);
    sessions = sessions.filter((session) => session.refresh_token !== body?.refresh_token);
    return [200, { message: 'Logged out successfully' }];
  }],
  ['GET', '/auth/me', ({ user }) => [200, { user_id: user.id, account_id: user.account_id, email: user.email, role: roleName(user) }]],
  ['GET', '/collections', ({ query }) => {
    const wanted = (query.get('search') ?? '').toLowerCase();
    return [200, paged(collections.filter(({ name }) => name.toLowerCase().includes(wanted)), query, summary)];
  }],
  ['GET', '/collections/names', () => [200, { names: collections.map(({ name }) => name).sort(), total: collections.length }]],
  ['POST', '/collections', ({ body }) => {
    const faults = checkSchema(body.name, body.schema);
    if (faults) throw new Reply(400, { error: 'Validation error', message: `Validation failed: ${faults}` });
    if (collections.some(({ name }) => name.toLowerCase() === body.name.toLowerCase())) {
      throw new Reply(409, { error: 'Conflict', message: `Collection '${body.name}' already exists`, field: 'name' });
    }
    return [201, collectionObject(makeCollection(body))];
  }],
  ...structure.routes,
  ['GET', '/collections/:id', ({ params }) => [200, collectionObject(byId(params.id))]],
  ['PUT', '/collections/:id', ({ params, body }) => {
    const collection = byId(params.id);
    const faults = checkSchema(collection.name, body.schema);
    if (faults) throw new Reply(400, { error: 'Validation error', message: `Schema validation failed: ${faults}` });
    collection.schema = body.schema.map((field) => ({ ...fieldDefaults, ...field }));
    if (body.indexes) collection.indexes = body.indexes.map((index) => ({ name: `idx_${index.fields.join('_')}`, ...index }));
    collection.updated_at = now();
    for (const row of rows.get(collection.name)) for (const field of collection.schema) row[field.name] ??= field.default;
    return [200, collectionObject(collection)];
  }],
  ['DELETE', '/collections/:id', ({ params }) => {
    const collection = byId(params.id);
    const users = collections.flatMap(({ name, schema }) =>
      schema.filter((field) => field.collection === collection.name && name !== collection.name).map((field) => `${name}.${field.name}`));
    if (users.length > 0) throw new Reply(409, { error: 'Conflict', message: `Collection '${collection.name}' is referenced by: ${users.join(', ')}` });
    collections.splice(collections.indexOf(collection), 1);
    return [200, {
      message: 'Collection deleted successfully', collection_id: collection.id, collection_name: collection.name,
      table_name: collection.table_name, records_deleted: rows.get(collection.name).length, migration_revision: '741fd2a66798',
    }];
  }],
  ['GET', '/collections/:name/rules', ({ params }) => [200, collectionNamed(params.name).rules]],
  ['PUT', '/collections/:name/rules', ({ params, body }) => {
    const { rules } = collectionNamed(params.name);
    for (const [key, rule] of Object.entries(body)) {
      const word = /@request\.auth\.(?!id|email|role|account_id)\w+/.exec(rule ?? '');
      if (word) {
        throw new Reply(400, { detail: `Invalid ${key}: Invalid context variable '${word[0]}'. Valid: @request.auth.account_id, @request.auth.email, @request.auth.id, @request.auth.role` });
      }
    }
    Object.assign(rules, body, { updated_at: now() });
    return [200, rules];
  }],
  ['GET', '/records/:collection', ({ params, query }) => {
    const collection = collectionNamed(params.collection);
    const filter = query.get('filter');
    const matches = filter?.trim() ? compileFilter(filter, collection.schema.map(({ name }) => name)) : () => true;
    const skip = Number(query.get('skip') ?? 0);
    const limit = Number(query.get('limit') ?? 30);
    const sort = query.get('sort') ?? '-created_at';
    const words = (query.get('search') ?? '').toLowerCase().split(/\s+/);
    const text = (row) => collection.schema.filter(({ options }) => options?.searchable).map(({ name }) => row[name]).join(' ').toLowerCase();
    const wanted = (row) => matches(row) && words.every((word) => text(row).includes(word));
    const found = ordered(rows.get(collection.name).map((row) => compute(collection, row)).filter(wanted), sort.replace(/^[+-]/, ''), !sort.startsWith('+'));
    const expand = (query.get('expand') ?? '').split(',').filter(Boolean);
    const items = found.slice(skip, skip + limit).map((row) => ({ ...expanded(collection, row, expand), account_name: accountOf(row.account_id)?.name }));
    return [200, { items, total: found.length, skip, limit }];
  }],
  ['POST', '/records/:collection', ({ params, body, user }) => {
    const collection = collectionNamed(params.collection);
    const { account_id = SYSTEM, ...values } = body;
    for (const field of collection.schema) if (field.default !== null) values[field.name] ??= field.default;
    checkRecord(collection, values, undefined, account_id);
    const stored = withFileTexts(collection, values);
    const row = { id: randomUUID(), account_id, created_at: now(), created_by: user.id, updated_at: now(), updated_by: user.id, account_name: null };
    for (const field of collection.schema) row[field.name] = stored[field.name] ?? (field.type === 'boolean' ? false : null);
    rows.get(collection.name).push(row);
    return [201, compute(collection, row)];
  }],
  ['GET', '/records/:collection/:id', ({ params }) => [200, compute(collectionNamed(params.collection), recordIn(params))]],
  ['PATCH', '/records/:collection/:id', ({ params, body, user }) => {
    const row = recordIn(params);
    const collection = collectionNamed(params.collection);
    checkRecord(collection, body, row);
    Object.assign(row, withFileTexts(collection, body), { updated_at: now(), updated_by: user.id });
    return [200, compute(collection, row)];
  }],
  ['DELETE', '/records/:collection/:id', ({ params }) => {
    const row = recordIn(params);
    for (const { name, schema } of collections) {
      for (const field of schema) {
        if (field.collection === params.collection && field.on_delete === 'restrict' && rows.get(name).some((other) => other[field.name] === row.id)) {
          throw new Reply(409, { error: 'Conflict', message: 'Cannot delete record: it is referenced by other records' });
        }
      }
    }
    const all = rows.get(params.collection);
    all.splice(all.indexOf(row), 1);
    return [204];
  }],
  ['GET', '/accounts', ({ query }) => {
    const wanted = (query.get('search') ?? '').toLowerCase();
    const found = accounts.filter((account) => `${account.name}\n${account.slug}\n${account.account_code}`.toLowerCase().includes(wanted));
    return [200, paged(found, query, ({ updated_at, ...account }) => ({ ...account, user_count: users.filter((user) => user.account_id === account.id).length, status: 'active' }))];
  }],
  ['POST', '/accounts', ({ body }) => {
    const slug = body.slug ?? body.name.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '');
    if (accounts.some((account) => account.slug === slug)) throw new Reply(422, { detail: `Slug '${slug}' already exists` });
    const account = { id: randomUUID(), account_code: `AA${String(accounts.length).padStart(4, '0')}`, slug, name: body.name, created_at: now(), updated_at: now() };
    accounts.push(account);
    return [201, { ...account, user_count: 0, collections_used: [] }];
  }],
  ['PUT', '/accounts/:id', ({ params, body }) => [200, Object.assign(accountOf(params.id), { name: body.name })]],
  ['DELETE', '/accounts/:id', ({ params }) => {
    accounts.splice(accounts.indexOf(accountOf(params.id)), 1);
    return [204];
  }],
  ['GET', '/users', ({ query }) => {
    const account = query.get('account_id');
    const wanted = (query.get('search') ?? '').toLowerCase();
    const sort = query.get('sort') ?? '-created_at';
    const fits = (user) =>
      (!account || user.account_id === account) && user.email.includes(wanted) && (!query.has('role_id') || user.role_id === Number(query.get('role_id'))) &&
      (!query.has('is_active') || String(user.is_active) === query.get('is_active'));
    const found = ordered(users.filter(fits), sort.replace(/^[+-]/, ''), sort.startsWith('-'));
    const skip = Number(query.get('skip') ?? 0);
    return [200, { total: found.length, items: found.slice(skip, skip + Number(query.get('limit') ?? 30)).map(userObject) }];
  }],
  ['POST', '/users', ({ body }) => {
    checkPassword(body.password);
    if (users.some((user) => user.email === body.email && user.account_id === body.account_id)) {
      throw new Reply(409, { detail: 'A user with this email already exists in the account' });
    }
    return [201, userObject(makeUser(body))];
  }],
  ['PATCH', '/users/:id', ({ params, body }) => [200, userObject(Object.assign(users.find(({ id }) => id === params.id), body))]],
  ['POST', '/users/:id/verify', ({ params }) => {
    Object.assign(users.find(({ id }) => id === params.id), { email_verified: true, email_verified_at: now() });
    return [200, { message: 'User email verified successfully' }];
  }],
  ...peopleRoutes({ ...state, send: mail.send }),
  ...mail.routes,
  ...operations.routes,
  ...fileRoutes(state),
].map(([method, path, answer]) => ({
  method, answer, open: open.test(path), shared: shared.test(path),
  pattern: new RegExp(`^/api/v1${path.replaceAll(/:(\w+)(\*?)/g, (_, name, rest) => `(?<${name}>${rest ? '.+' : '[^/]+'})`)}$`),
}));

function byId(id) {
  const found = collections.find((collection) => collection.id === id);
  if (!found) throw new Reply(404, { error: 'Not Found', message: `Collection with ID '${id}' not found` });
  return found;
}

function recordIn({ collection, id }) {
  collectionNamed(collection);
  const found = rows.get(collection).find((row) => row.id === id);
  if (!found) throw new Reply(404, { error: 'Not found', message: 'Record not found' });
  return found;
}

async function answer(request, url) {
  for (const route of routes) {
    const match = route.method === request.method && route.pattern.exec(url.pathname);
    if (!match) continue;
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const raw = Buffer.concat(chunks);
    const text = raw.toString();
    const params = Object.fromEntries(Object.entries(match.groups ?? {}).map(([key, value]) => [key, decodeURIComponent(value)]));
    const { user, token } = route.open ? {} : caller(request);
    if (user && !route.shared && user.account_id !== SYSTEM) throw new Reply(403, { detail: 'Superadmin access required' });
    const type = request.headers['content-type']?.split(';')[0];
    const body = text && type === 'application/json' ? JSON.parse(text) : undefined;
    const reply = await route.answer({ params, user, token, query: url.searchParams, headers: request.headers, body, raw, text, type });
    if (user && request.method !== 'GET') operations.record(user, request.method, url.pathname, body);
    return reply;
  }
  throw new Reply(404, { detail: 'Not Found' });
}

const types = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2', '.json': 'application/json',
};

createServer(async (request, response) => {
  const url = new URL(request.url, `http://${request.headers.host}`);
  response.setHeader('Content-Security-Policy', "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; frame-ancestors 'none'");
  response.setHeader('X-Content-Type-Options', 'nosniff');
  if (url.pathname.startsWith('/_')) {
    const path = join(dist, normalize(url.pathname.slice(2)));
    const file = extname(path) && existsSync(path) ? path : join(dist, 'index.html');
    response.setHeader('Content-Type', types[extname(file)] ?? 'application/octet-stream');
    response.end(readFileSync(file));
    return;
  }
  response.setHeader('X-Correlation-ID', `cid_${randomUUID().slice(0, 12)}`);
  try {
    const [status, body, headers] = await answer(request, url);
    response.statusCode = status;
    if (headers) {
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
      response.end(body);
      return;
    }
    if (body === undefined) response.end();
    else response.setHeader('Content-Type', 'application/json').end(JSON.stringify(body));
  } catch (error) {
    if (!(error instanceof Reply)) process.stderr.write(`${error.stack}\n`);
    response.statusCode = error instanceof Reply ? error.status : 500;
    const body = error instanceof Reply ? error.body : { error: 'Internal server error', detail: 'An unexpected error occurred' };
    response.setHeader('Content-Type', 'application/json').end(JSON.stringify(body));
  }
}).listen(port, host, () => {
  process.stdout.write(`Set up this installation at http://localhost:${port}/_/setup?token=${setupToken}\n`);
});
