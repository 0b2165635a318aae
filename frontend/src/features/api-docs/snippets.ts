import { addressOf, type ApiContext, firstReference, type Operation } from './operations';
import { NO_ID, sampleFilter } from './sample';

export const languages = ['curl', 'js', 'react'] as const;
export type Language = (typeof languages)[number];

/** A text within single quotes of a POSIX shell. */
export function shellQuote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** A value as JavaScript, with keys bare where they may be and texts in single quotes. */
export function literal(value: unknown, indent = ''): string {
  if (typeof value === 'string')
    return `'${JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const deeper = `${indent}  `;
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    return `[\n${value.map((item) => `${deeper}${literal(item, deeper)},\n`).join('')}${indent}]`;
  }
  const entries = Object.entries(value);
  if (entries.length === 0) return '{}';
  const key = (name: string) => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : literal(name));
  return `{\n${entries.map(([name, item]) => `${deeper}${key(name)}: ${literal(item, deeper)},\n`).join('')}${indent}}`;
}

function curl(operation: Operation, { base }: ApiContext): string {
  const { id, method, body } = operation;
  const lines: string[] = [];
  if (id === 'realtime') lines.push('curl -N');
  else lines.push(method === 'GET' || body !== undefined || id === 'files' ? 'curl' : `curl -X ${method}`);
  if (method === 'PATCH') lines[0] = 'curl -X PATCH';
  lines[0] += ` ${shellQuote(base + addressOf(operation))}`;
  if (id !== 'auth') lines.push('-H "Authorization: Bearer $TOKEN"');
  if (id === 'files') lines.push("-F 'file=@photo.png'");
  if (body !== undefined) {
    lines.push("-H 'Content-Type: application/json'");
    lines.push(`-d ${shellQuote(JSON.stringify(body, null, 2))}`);
  }
  return lines.join(' \\\n  ');
}

/** The client of the snippets, signed in. */
function client({ base, account, email }: ApiContext): string {
  return `import { SnackBaseClient } from '@snackbase/sdk';

const client = new SnackBaseClient({ baseUrl: ${literal(base)} });
await client.login({
  account: ${literal(account)},
  email: ${literal(email)},
  password: 'YOUR_PASSWORD',
});`;
}

function listOptions(context: ApiContext): Record<string, unknown> {
  const expand = firstReference(context.schema);
  return {
    filter: sampleFilter(context.schema, context.record),
    sort: '-created_at',
    limit: 20,
    ...(expand && { expand: [expand] }),
  };
}

function javascript(operation: Operation, context: ApiContext): string {
  const name = literal(context.collection);
  const id = literal(context.record?.id ?? NO_ID);
  const call = (): string => {
    switch (operation.id) {
      case 'list':
        return `const page = await client.records.list(${name}, ${literal(listOptions(context))});
console.log(page.total, page.items);`;
      case 'view': {
        const expand = firstReference(context.schema);
        const options = expand ? `, ${literal({ expand: [expand] })}` : '';
        return `const record = await client.records.get(${name}, ${id}${options});`;
      }
      case 'create':
        return `const record = await client.records.create(${name}, ${literal(operation.body)});`;
      case 'update':
        return `const record = await client.records.patch(${name}, ${id}, ${literal(operation.body)});`;
      case 'delete':
        return `await client.records.delete(${name}, ${id});`;
      case 'batch': {
        const { records } = operation.body as { records: unknown[] };
        return `const { created } = await client.records.batchCreate(${name}, ${literal(records)});`;
      }
      case 'aggregate':
        return `const { results } = await client.records.aggregate(${name}, ${literal(operation.query)});`;
      case 'realtime':
        return `client.realtime.on('${context.collection}.*', (record, event) => {
  console.log(event.type, record);
});
await client.realtime.connect();
await client.realtime.subscribe(${name}, ['create', 'update', 'delete']);`;
      case 'files':
        return `// file: a File of an input, or a Blob
const stored = await client.files.upload(file, { filename: 'photo.png' });
const address = client.files.getDownloadUrl(stored.path);`;
      case 'auth':
        return 'const me = await client.getCurrentUser();\nawait client.logout();';
    }
  };
  return `${client(context)}\n\n${call()}\n`;
}

/** A component's name from that of a collection: `blog_posts` gives `BlogPosts`. */
export function componentName(collection: string): string {
  const words = collection.split(/[^A-Za-z0-9]+/).filter(Boolean);
  const name = words.map((word) => word[0]?.toUpperCase() + word.slice(1)).join('');
  return /^[A-Z]/.test(name) ? name : `Records${name}`;
}

function react(operation: Operation, context: ApiContext): string {
  const { collection, record } = context;
  const name = literal(collection);
  const id = literal(record?.id ?? NO_ID);
  const component = componentName(collection);
  const mutation = (method: string, label: string, args: string) => `import { useMutation } from '@snackbase/react';

export function ${component}Button() {
  const { ${method}, loading } = useMutation(${name}, { invalidateOnSuccess: true });
  return (
    <button disabled={loading} onClick={() => ${method}(${args})}>
      ${label}
    </button>
  );
}
`;
  const inside = (value: unknown) => literal(value, '    ');
  switch (operation.id) {
    case 'list':
      return `import { useQuery } from '@snackbase/react';

export function ${component}() {
  const { data, loading, error } = useQuery(${name}, ${literal(listOptions(context), '  ')});
  if (loading) return <p>Loading…</p>;
  if (error) return <p>{error.message}</p>;
  return (
    <ul>
      {data?.items.map((record) => (
        <li key={record.id}>{record.id}</li>
      ))}
    </ul>
  );
}
`;
    case 'view':
      return `import { useRecord } from '@snackbase/react';

export function ${component}() {
  const { data, loading, error } = useRecord(${name}, ${id});
  if (loading) return <p>Loading…</p>;
  if (error) return <p>{error.message}</p>;
  return <pre>{JSON.stringify(data, null, 2)}</pre>;
}
`;
    case 'create':
      return mutation('create', 'Create', inside(operation.body));
    case 'update':
      return mutation('patch', 'Save', `${id}, ${inside(operation.body)}`);
    case 'delete':
      return mutation('del', 'Delete', id);
    case 'batch':
      return mutation('batchCreate', 'Create all', inside((operation.body as { records: unknown[] }).records));
    case 'aggregate':
      return mutation('aggregate', 'Compute', inside(operation.query));
    case 'realtime':
      return `import { useSubscription } from '@snackbase/react';

export function ${component}Changes() {
  const { connected } = useSubscription(${name}, ['create', 'update', 'delete'], {
    '*': (record, event) => console.log(event.type, record),
  });
  return <p>{connected ? 'Live' : 'Connecting…'}</p>;
}
`;
    case 'files':
      return `import { useSnackBase } from '@snackbase/react';

export function Upload() {
  const client = useSnackBase();
  return (
    <input
      type="file"
      onChange={async ({ target }) => {
        const [file] = target.files ?? [];
        if (file) console.log(await client.files.upload(file, { filename: file.name }));
      }}
    />
  );
}
`;
    case 'auth':
      return `import { SnackBaseProvider, useAuth } from '@snackbase/react';

function SignIn() {
  const { login, isLoading } = useAuth();
  const signIn = () =>
    login({ account: ${literal(context.account)}, email: ${literal(context.email)}, password: 'YOUR_PASSWORD' });
  return (
    <button disabled={isLoading} onClick={signIn}>
      Sign in
    </button>
  );
}

export function App() {
  return (
    <SnackBaseProvider baseUrl=${JSON.stringify(context.base)}>
      <SignIn />
    </SnackBaseProvider>
  );
}
`;
  }
}

/** The request in a language, ready to be run. */
export function snippet(language: Language, operation: Operation, context: ApiContext): string {
  if (language === 'curl') return curl(operation, context);
  return language === 'js' ? javascript(operation, context) : react(operation, context);
}
