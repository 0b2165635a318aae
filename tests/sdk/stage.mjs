// What the tests start from, made without the client under test: an account with a verified user, and
// two collections of which one refers to the other.

const url = process.env.SNACKBASE_URL;
const password = 'Str0ng!Passw0rd';

export async function call(method, path, { token, body, status } = {}) {
  const response = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: {
      ...(token && { Authorization: `Bearer ${token}` }),
      ...(body && { 'Content-Type': 'application/json' }),
    },
    body: body && JSON.stringify(body),
  });
  const text = await response.text();
  if (status && response.status !== status) {
    throw new Error(`${method} ${path}: ${response.status} ${text}`);
  }
  return text ? JSON.parse(text) : null;
}

export async function setTheStage() {
  const credentials = {
    account: 'SY0000',
    email: process.env.SUPERADMIN_EMAIL,
    password: process.env.SUPERADMIN_PASSWORD,
  };
  const { token } = await call('POST', '/auth/login', { body: credentials, status: 200 });
  const post = (path, body, status = 201) => call('POST', path, { token, body, status });
  const account = await post('/accounts', { name: 'Acme' });
  const email = 'ann@example.com';
  const user = await post('/users', { email, password, account_id: account.id, role_id: 2 });
  await post(`/users/${user.id}/verify`, {}, 200);
  const own = 'created_by = @request.auth.id';
  const rules = { list_rule: own, view_rule: own, create_rule: own, update_rule: own, delete_rule: own };
  await post('/collections', {
    name: 'cities',
    schema: [{ name: 'name', type: 'text', required: true }],
    ...rules,
  });
  await post('/collections', {
    name: 'people',
    schema: [
      { name: 'name', type: 'text', required: true },
      { name: 'status', type: 'text', default: 'new' },
      { name: 'age', type: 'number' },
      { name: 'active', type: 'boolean' },
      { name: 'city', type: 'reference', collection: 'cities', on_delete: 'set_null' },
    ],
    ...rules,
  });
  return { url, account, user, credentials: { account: account.account_code, email, password } };
}
