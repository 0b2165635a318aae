// The calls about configuration and mail of the stand-in for the server.
import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { Reply } from './stand-in-filter.mjs';

const MASK = '•'.repeat(8);
const logo = (name) => `/assets/providers/${name}.svg`;
const providers = [
  ['auth_providers', 'email_password', 'Email and Password', 'email'],
  ['email_providers', 'smtp', 'SMTP Server', 'smtp'],
  ['email_providers', 'aws_ses', 'AWS SES', 'aws-ses'],
  ['email_providers', 'resend', 'Resend', 'resend'],
  ['system_settings', 'system', 'System Settings', 'system'],
  ['storage_providers', 'local', 'Local Filesystem', 'system'],
  ['storage_providers', 's3', 'Amazon S3', 'aws-ses'],
  ['auth_providers', 'google', 'Google', 'google'],
  ['auth_providers', 'github', 'GitHub', 'github'],
  ['auth_providers', 'microsoft', 'Microsoft', 'microsoft'],
  ['auth_providers', 'apple', 'Apple', 'apple'],
  ['auth_providers', 'okta', 'Okta', 'okta'],
  ['auth_providers', 'azure_ad', 'Azure AD', 'azure'],
  ['auth_providers', 'generic_saml', 'SAML 2.0', 'saml'],
].map(([category, provider_name, display_name, file]) => ({ category, provider_name, display_name, logo_url: logo(file), is_builtin: true }));

const text = { type: 'string' };
const object = (properties, required) => ({ type: 'object', properties, required });
const oauth = object(
  { client_id: text, client_secret: { type: 'string', secret: true }, scopes: { type: 'array', items: text, default: ['openid', 'email', 'profile'] }, redirect_uri: text },
  ['client_id', 'client_secret', 'scopes', 'redirect_uri'],
);
const saml = object(
  { idp_entity_id: text, idp_sso_url: text, idp_x509_cert: text, sp_entity_id: text, assertion_consumer_url: text },
  ['idp_entity_id', 'idp_sso_url', 'idp_x509_cert', 'sp_entity_id', 'assertion_consumer_url'],
);
const schemas = {
  smtp: object(
    {
      from_email: { type: 'string', title: 'From address', format: 'email' }, from_name: { type: 'string', title: 'From name', default: 'SnackBase' },
      host: { type: 'string', title: 'Host' }, password: { type: 'string', title: 'Password', writeOnly: true },
      port: { type: 'integer', title: 'Port', default: 587 }, reply_to: { type: 'string', title: 'Reply-To address', format: 'email' },
      use_ssl: { type: 'boolean', title: 'TLS from the start', default: false },
      use_tls: { type: 'boolean', title: 'Upgrade to TLS (STARTTLS)', default: true }, username: { type: 'string', title: 'User name' },
    },
    ['host', 'port', 'username', 'password', 'from_email'],
  ),
  resend: object({ api_key: { type: 'string', writeOnly: true }, from_email: text, from_name: text, reply_to: text }, ['api_key', 'from_email']),
  system: object({ app_name: { type: 'string', default: 'SnackBase' }, app_url: { type: 'string', format: 'uri' }, support_email: text }, ['app_name', 'app_url']),
  google: oauth, github: oauth, microsoft: oauth, okta: saml, azure_ad: saml, generic_saml: saml,
};

const bodies = {
  email_verification: ['Verify your email address for {{ app_name }}', '{{ verification_url }}'],
  password_reset: ['Reset your {{ app_name }} password', '{{ reset_url }}'],
  invitation: ["You've been invited to join {{ account_name }}", '{{ invitation_url }}'],
};

function render(source, variables) {
  if (/\{\{[^}]*$|\{%[^%]*$/.test(source)) throw new Reply(422, { detail: 'Template rendering failed: unexpected end of template' });
  return source.replaceAll(/\{\{\s*(\w+)\s*\}\}/g, (_, name) => variables[name] ?? '');
}

/** Speaks just enough SMTP to hand a mail over; with no mail, it only logs in. */
function deliver({ host, port }, mail) {
  return new Promise((done, fail) => {
    const socket = connect(Number(port), host);
    const talk = mail
      ? ['EHLO stand-in', 'MAIL FROM:<stand-in@example.com>', `RCPT TO:<${mail.to}>`, 'DATA', `Subject: ${mail.subject}\r\n\r\n${mail.text}\r\n.`, 'QUIT']
      : ['EHLO stand-in', 'QUIT'];
    socket.setTimeout(2_000, () => socket.destroy(new Error('timed out')));
    socket.on('error', fail);
    socket.on('data', () => (talk.length > 0 ? socket.write(`${talk.shift()}\r\n`) : undefined));
    socket.on('close', () => (talk.length === 0 ? done() : fail(new Error('the connection was closed'))));
  });
}

/** Gives the routes, and `send` for mails that other calls cause. */
export function mailRoutes({ SYSTEM, now }) {
  const configurations = [];
  const templates = [];
  const logs = [];

  function add({ category, provider_name, display_name, logo_url = null, config, values = config, account_id = SYSTEM, enabled = true, priority = 0, is_builtin = false }) {
    const made = {
      id: randomUUID(), category, provider_name, display_name, logo_url, values, account_id, enabled, priority, is_builtin,
      is_default: category === 'storage_providers', updated_at: now(),
    };
    configurations.push(made);
    return made;
  }
  for (const name of ['email_password', 'system', 'local']) {
    const values = name === 'system' ? { app_name: 'SnackBase', app_url: 'http://localhost:8000', support_email: '' } : {};
    add({ ...providers.find((provider) => provider.provider_name === name), values });
  }
  for (const [template_type, [subject, line]] of Object.entries(bodies)) {
    templates.push({
      id: randomUUID(), account_id: SYSTEM, template_type, locale: 'en', subject, text_body: `Hello,\n\nfollow this link:\n${line}\n`,
      html_body: `<p style="font-family:sans-serif">Hello,</p><p><a href="${line}">Follow this link</a></p>`, enabled: true, is_builtin: true,
      created_at: now(), updated_at: now(),
    });
  }

  const configurationOf = (id) => {
    const found = configurations.find((row) => row.id === id);
    if (!found) throw new Reply(404, { detail: 'Configuration not found' });
    return found;
  };
  const templateOf = (id) => {
    const found = templates.find((row) => row.id === id);
    if (!found) throw new Reply(404, { detail: `Email template not found: ${id}` });
    return found;
  };
  const secret = (row, key) => {
    const property = schemas[row.provider_name]?.properties[key];
    return (property?.writeOnly || property?.secret || /secret/.test(key)) && row.values[key];
  };
  const shown = ({ values, account_id, is_builtin, ...row }, system) => ({ ...row, ...(system ? { is_builtin } : { account_id }) });

  async function send(template_type, to, account_id, variables) {
    const template = templates.find((row) => row.template_type === template_type && row.enabled);
    const provider = configurations.find((row) => row.category === 'email_providers' && row.enabled);
    const filled = { app_name: 'SnackBase', ...variables };
    const log = {
      id: randomUUID(), account_id, template_type, recipient_email: to, provider: provider?.provider_name ?? 'unknown', status: 'sent',
      error_message: null, variables: { ...variables, ...(variables.token && { token: '***' }) }, sent_at: now(),
    };
    try {
      if (!provider) throw new Error('No enabled email provider configured.');
      await deliver(provider.values, { to, subject: render(template.subject, filled), text: render(template.text_body, filled) });
    } catch (error) {
      Object.assign(log, { status: 'failed', error_message: error.message });
    }
    logs.unshift(log);
    return log.status === 'sent';
  }

  const routes = [
    ['GET', '/admin/configuration/providers', () => [200, providers]],
    ['GET', '/admin/configuration/schema/:category/:provider', ({ params }) => [200, schemas[params.provider] ?? {}]],
    ['GET', '/admin/configuration/stats', () => {
      const count = (system) => {
        const rows = configurations.filter((row) => row.enabled && (row.account_id === SYSTEM) === system);
        const by_category = {};
        for (const { category } of rows) by_category[category] = (by_category[category] ?? 0) + 1;
        return { total: rows.length, by_category };
      };
      return [200, { system_configs: count(true), account_configs: count(false) }];
    }],
    ['GET', '/admin/configuration/recent', () => [200, [...configurations].reverse().slice(0, 5).map(({ values, ...row }) => ({ ...row, is_system: row.account_id === SYSTEM }))]],
    ['GET', '/admin/configuration/system', () => [200, configurations.filter((row) => row.account_id === SYSTEM).map((row) => shown(row, true))]],
    ['GET', '/admin/configuration/account', ({ query }) => [200, configurations.filter((row) => row.account_id === query.get('account_id')).map((row) => shown(row, false))]],
    ['POST', '/admin/configuration/test-connection', async ({ body }) => {
      if (body.provider_name !== 'smtp') return [200, { success: false, message: `Provider ${body.provider_name} does not support connection testing yet.` }];
      try {
        await deliver(body.config);
        return [200, { success: true, message: 'SMTP connection successful' }];
      } catch (error) {
        return [200, { success: false, message: `SMTP connection failed: ${error.message}` }];
      }
    }],
    ['POST', '/admin/configuration', ({ body }) => {
      const account_id = body.account_id ?? SYSTEM;
      if (configurations.some((row) => row.account_id === account_id && row.category === body.category && row.provider_name === body.provider_name)) {
        throw new Reply(409, { detail: 'Configuration already exists for this provider and category.' });
      }
      return [200, { id: add({ ...body, account_id }).id, status: 'success' }];
    }],
    ['PATCH', '/admin/configuration/:id', ({ params, body }) => {
      const row = Object.assign(configurationOf(params.id), { enabled: body.enabled, updated_at: now() });
      if (!row.enabled) row.is_default = false;
      return [200, { status: 'success', enabled: row.enabled, is_default: row.is_default }];
    }],
    ['POST', '/admin/configuration/:id/set-default', ({ params }) => {
      const row = configurationOf(params.id);
      for (const other of configurations) if (other.category === row.category && other.account_id === row.account_id) other.is_default = other === row;
      return [200, { status: 'success', is_default: true, provider_name: row.provider_name, display_name: row.display_name }];
    }],
    ['DELETE', '/admin/configuration/:id/set-default', ({ params }) => {
      configurationOf(params.id).is_default = false;
      return [200, { status: 'success', is_default: false }];
    }],
    ['GET', '/admin/configuration/:id/values', ({ params }) => {
      const row = configurationOf(params.id);
      return [200, Object.fromEntries(Object.entries(row.values).map(([key, value]) => [key, secret(row, key) ? MASK : value]))];
    }],
    ['PATCH', '/admin/configuration/:id/values', ({ params, body }) => {
      const row = configurationOf(params.id);
      row.values = Object.fromEntries(Object.entries(body).map(([key, value]) => [key, value === MASK ? row.values[key] : value]));
      row.updated_at = now();
      return [200, { status: 'success' }];
    }],
    ['DELETE', '/admin/configuration/:id', ({ params }) => {
      const row = configurationOf(params.id);
      if (row.is_builtin) throw new Reply(400, { detail: 'Cannot delete built-in provider' });
      configurations.splice(configurations.indexOf(row), 1);
      return [200, { status: 'success' }];
    }],
    ['GET', '/admin/email/templates', ({ query }) => [200, templates.filter((row) => ['template_type', 'locale', 'account_id'].every((key) => !query.has(key) || query.get(key) === row[key]))]],
    ['POST', '/admin/email/templates', ({ body }) => {
      if (templates.some((row) => row.account_id === body.account_id && row.template_type === body.template_type && row.locale === body.locale)) {
        throw new Reply(409, { detail: 'A template for this account, type and locale already exists' });
      }
      const made = { id: randomUUID(), enabled: true, is_builtin: false, created_at: now(), updated_at: now(), ...body };
      templates.push(made);
      return [201, made];
    }],
    ['POST', '/admin/email/templates/render', ({ body }) => {
      const parts = ['subject', 'html_body', 'text_body'];
      return [200, Object.fromEntries(parts.map((key) => [key, render(body[key], body.variables)]))];
    }],
    ['GET', '/admin/email/templates/:id', ({ params }) => [200, templateOf(params.id)]],
    ['PUT', '/admin/email/templates/:id', ({ params, body }) => [200, Object.assign(templateOf(params.id), body, { updated_at: now() })]],
    ['DELETE', '/admin/email/templates/:id', ({ params }) => {
      templates.splice(templates.indexOf(templateOf(params.id)), 1);
      return [204];
    }],
    ['POST', '/admin/email/templates/:id/test', async ({ params, body }) => {
      const { template_type, locale } = templateOf(params.id);
      const sent = await send(template_type, body.recipient_email, SYSTEM, body.variables);
      if (!sent) throw new Reply(500, { detail: 'Failed to send test email' });
      return [200, { status: 'success', message: `Test email sent to ${body.recipient_email}`, template_type, locale }];
    }],
    ['GET', '/admin/email/logs', ({ query }) => {
      const page = Number(query.get('page') ?? 1);
      const size = Number(query.get('page_size') ?? 25);
      const found = logs.filter((row) => (!query.has('status_filter') || row.status === query.get('status_filter')) && (!query.has('template_type') || row.template_type === query.get('template_type')));
      return [200, { logs: found.slice((page - 1) * size, page * size), total: found.length, page, page_size: size }];
    }],
    ['GET', '/admin/email/logs/:id', ({ params }) => [200, logs.find((row) => row.id === params.id)]],
  ];
  return { routes, send };
}
