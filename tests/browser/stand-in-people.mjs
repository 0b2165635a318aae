// The calls about people and their keys of the stand-in for the server.
import { randomBytes, randomUUID } from 'node:crypto';
import { Reply } from './stand-in-filter.mjs';

const HOURS = 3600 * 1000;

export function peopleRoutes(state) {
  const { SYSTEM, accounts, accountOf, checkPassword, endSessions, loginReply, makeUser, now, roleName, roles, send, sessionsOf, users, userObject } = state;
  const invitations = [];
  const groups = [];
  const keys = [];
  const resets = new Map();
  const verifications = new Map();

  const isSuperadmin = (user) => user.account_id === SYSTEM;
  const accountNamed = (text) => accounts.find(({ slug, account_code }) => [slug, account_code.toLowerCase()].includes(text?.toLowerCase()));
  const userOf = (id) => {
    const found = users.find((user) => user.id === id);
    if (!found) throw new Reply(404, { detail: 'User not found' });
    return found;
  };
  const invitationStatus = ({ accepted_at, expires_at }) => (accepted_at ? 'accepted' : expires_at <= now() ? 'expired' : 'pending');
  const invitationObject = ({ role_id, groups: _groups, ...row }) => ({ ...row, account_code: accountOf(row.account_id).account_code, status: invitationStatus(row) });
  const groupObject = ({ members, ...row }) => ({ ...row, account_code: accountOf(row.account_id).account_code, member_count: members.size });
  const groupDetail = (row) => ({ ...groupObject(row), users: [...row.members].map((id) => userObject(userOf(id))) });
  const seen = (user) => (row) => isSuperadmin(user) || row.account_id === user.account_id;
  const find = (list, id, user, body) => {
    const found = list.find((row) => row.id === id && seen(user)(row));
    if (!found) throw new Reply(404, body);
    return found;
  };
  const groupOf = (id, user) => find(groups, id, user, { detail: 'Group not found' });
  const invitationOf = (id, user) => find(invitations, id, user, { error: 'Not found', message: 'Invitation not found' });
  const invitationBy = (token) => {
    const found = invitations.find((row) => row.token === token);
    if (!found) throw new Reply(404, { error: 'Not found', message: 'Invalid invitation token' });
    return found;
  };

  async function invite(row, inviter) {
    const sent = await send('invitation', row.email, row.account_id, {
      invitation_url: `http://localhost/accept-invitation?token=${row.token}`, token: row.token, email: row.email,
      account_name: accountOf(row.account_id).name, invited_by: inviter.email,
    });
    if (sent) Object.assign(row, { email_sent: true, email_sent_at: now() });
    return sent;
  }
  async function mailToken(store, type, url, user) {
    const token = randomBytes(32).toString('base64url');
    for (const [old, id] of store) if (id === user.id) store.delete(old);
    store.set(token, user.id);
    return send(type, user.email, user.account_id, { [`${url}_url`]: `http://localhost/${url === 'reset' ? 'reset-password' : 'verify-email'}?token=${token}`, token, email: user.email });
  }
  const addressed = (body) => users.find((user) => user.email === body.email && user.account_id === accountNamed(body.account)?.id);

  return [
    ['POST', '/auth/register', async ({ body }) => {
      checkPassword(body.password);
      const slug = body.account_slug ?? body.account_name.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '');
      if (accountNamed(slug)) throw new Reply(409, { error: 'Conflict', message: 'An account with this slug already exists', field: 'account_slug' });
      const account = { id: randomUUID(), account_code: `AB${String(accounts.length).padStart(4, '0')}`, slug, name: body.account_name, created_at: now(), updated_at: now() };
      accounts.push(account);
      const user = makeUser({ ...body, account_id: account.id, role_id: 1 });
      await mailToken(verifications, 'email_verification', 'verification', user);
      const { id, email, created_at } = user;
      return [201, { message: 'Registration successful.', user: { id, email, role: 'admin', is_active: true, created_at }, account }];
    }],
    ['POST', '/auth/forgot-password', async ({ body }) => {
      const user = addressed(body);
      if (user) await mailToken(resets, 'password_reset', 'reset', user);
      return [200, { message: 'If an account with that email exists, a password reset link has been sent.' }];
    }],
    ['GET', '/auth/verify-reset-token/:token', ({ params }) => [200, resets.has(params.token) ? { valid: true, expires_at: new Date(Date.now() + HOURS).toISOString() } : { valid: false, expires_at: null }]],
    ['POST', '/auth/reset-password', ({ body }) => {
      const user = userOf(resets.get(body.token));
      try {
        checkPassword(body.new_password);
      } catch (error) {
        throw new Reply(400, { detail: error.body });
      }
      resets.delete(body.token);
      user.password = body.new_password;
      endSessions(user);
      return [200, { message: 'Password reset successfully.' }];
    }],
    ['POST', '/auth/verify-email', ({ body }) => {
      if (!verifications.has(body.token)) throw new Reply(400, { detail: 'Invalid or expired verification token' });
      const user = Object.assign(userOf(verifications.get(body.token)), { email_verified: true, email_verified_at: now() });
      verifications.delete(body.token);
      return [200, { message: 'Email verified successfully', user: { id: user.id, email: user.email, email_verified: true } }];
    }],
    ['POST', '/auth/resend-verification', async ({ body }) => {
      const user = addressed(body);
      if (user && !user.email_verified) await mailToken(verifications, 'email_verification', 'verification', user);
      return [200, { message: 'Verification email resent successfully' }];
    }],
    ['GET', '/auth/sessions', ({ user, token }) => {
      const items = sessionsOf(user).map(({ user: _user, token: held, ...session }) => ({ ...session, current: held === token }));
      return [200, { items, total: items.length }];
    }],
    ['DELETE', '/auth/sessions', ({ user, token, query }) => {
      endSessions(user, (session) => !(query.get('keep_current') === 'true' && session.token === token));
      return [204];
    }],
    ['DELETE', '/auth/sessions/:id', ({ user, params }) => {
      endSessions(user, (session) => session.id === params.id);
      return [204];
    }],
    ['PUT', '/users/:id/password', async ({ params, body }) => {
      const user = userOf(params.id);
      endSessions(user);
      if (body.send_reset_link) {
        if (!(await mailToken(resets, 'password_reset', 'reset', user))) throw new Reply(500, { detail: 'Failed to send password reset email' });
        return [200, { message: `Password reset link sent to ${user.email}` }];
      }
      checkPassword(body.new_password);
      user.password = body.new_password;
      return [200, { message: 'Password updated successfully' }];
    }],
    ['POST', '/users/:id/resend-verification', async ({ params }) => {
      const user = userOf(params.id);
      if (!(await mailToken(verifications, 'email_verification', 'verification', user))) throw new Reply(500, { detail: 'Failed to send verification email' });
      return [200, { message: `Verification email sent to ${user.email}` }];
    }],
    ['GET', '/invitations', ({ user, query }) => {
      const found = invitations.filter(seen(user)).map(invitationObject)
        .filter((row) => (!query.has('status_filter') || row.status === query.get('status_filter')) && (!query.has('account_id') || row.account_id === query.get('account_id')));
      return [200, { invitations: found.reverse(), total: found.length }];
    }],
    ['POST', '/invitations', async ({ user, body }) => {
      const account_id = body.account_id ?? user.account_id;
      if (users.some((other) => other.email === body.email && other.account_id === account_id)) {
        throw new Reply(400, { error: 'Validation error', message: 'User with this email already exists in this account' });
      }
      if (invitations.some((row) => row.email === body.email && row.account_id === account_id && invitationStatus(row) === 'pending')) {
        throw new Reply(409, { error: 'Conflict', message: 'A pending invitation already exists for this email' });
      }
      const row = {
        id: randomUUID(), account_id, email: body.email, invited_by: user.id, expires_at: new Date(Date.now() + 48 * HOURS).toISOString(), accepted_at: null,
        created_at: now(), email_sent: false, email_sent_at: null, token: randomBytes(32).toString('hex'), role_id: Number(body.role_id ?? 2), groups: body.groups ?? [],
      };
      await invite(row, user);
      invitations.push(row);
      return [201, invitationObject(row)];
    }],
    ['GET', '/invitations/:token', ({ params }) => {
      const row = invitationBy(params.token);
      const status = invitationStatus(row);
      if (status === 'expired') throw new Reply(400, { error: 'Expired', message: 'Invitation has expired' });
      if (status === 'accepted') throw new Reply(400, { error: 'Already accepted', message: 'Invitation has already been accepted' });
      return [200, { email: row.email, account_name: accountOf(row.account_id).name, invited_by_name: userOf(row.invited_by).email, expires_at: row.expires_at, is_valid: true }];
    }],
    ['POST', '/invitations/:token/accept', ({ params, body }) => {
      const row = invitationBy(params.token);
      checkPassword(body.password);
      row.accepted_at = now();
      const user = makeUser({ email: row.email, password: body.password, account_id: row.account_id, role_id: row.role_id }, true);
      for (const id of row.groups) groups.find((group) => group.id === id)?.members.add(user.id);
      return [200, loginReply(user)];
    }],
    ['POST', '/invitations/:id/resend', async ({ params, user }) => {
      if (!(await invite(invitationOf(params.id, user), user))) throw new Reply(500, { error: 'Internal error', message: 'Failed to send email' });
      return [200, { message: 'Invitation email resent successfully' }];
    }],
    ['DELETE', '/invitations/:id', ({ params, user }) => {
      invitations.splice(invitations.indexOf(invitationOf(params.id, user)), 1);
      return [204];
    }],
    ['GET', '/groups', ({ user }) => [200, groups.filter(seen(user)).map(groupObject)]],
    ['POST', '/groups', ({ user, body }) => {
      const account_id = body.account_id ?? user.account_id;
      if (groups.some((row) => row.name === body.name && row.account_id === account_id)) throw new Reply(409, { detail: 'Group with this name already exists in the account' });
      const row = { id: randomUUID(), name: body.name, description: body.description ?? null, account_id, created_at: now(), updated_at: now(), members: new Set() };
      groups.push(row);
      return [201, groupDetail(row)];
    }],
    ['GET', '/groups/:id', ({ params, user }) => [200, groupDetail(groupOf(params.id, user))]],
    ['PATCH', '/groups/:id', ({ params, user, body }) => [200, groupDetail(Object.assign(groupOf(params.id, user), body, { updated_at: now() }))]],
    ['DELETE', '/groups/:id', ({ params, user }) => {
      groups.splice(groups.indexOf(groupOf(params.id, user)), 1);
      return [204];
    }],
    ['POST', '/groups/:id/users', ({ params, user, body }) => {
      const group = groupOf(params.id, user);
      const member = users.find((other) => other.id === body.user_id && other.account_id === group.account_id);
      if (!member) throw new Reply(404, { detail: 'User not found' });
      if (group.members.has(member.id)) throw new Reply(409, { detail: 'User already in group' });
      group.members.add(member.id);
      return [201, { message: 'User added to group' }];
    }],
    ['DELETE', '/groups/:id/users/:member', ({ params, user }) => {
      groupOf(params.id, user).members.delete(params.member);
      return [204];
    }],
    ['GET', '/roles', () => [200, { items: roles, total: roles.length }]],
    ['POST', '/roles', ({ body }) => {
      if (roles.some(({ name }) => name === body.name)) throw new Reply(409, { detail: `Role with name '${body.name}' already exists` });
      const role = { id: Math.max(...roles.map(({ id }) => id)) + 1, name: body.name, description: body.description ?? null };
      roles.push(role);
      return [201, role];
    }],
    ['PUT', '/roles/:id', ({ params, body }) => [200, Object.assign(roles.find(({ id }) => id === Number(params.id)), body)]],
    ['DELETE', '/roles/:id', ({ params }) => {
      const role = roles.find(({ id }) => id === Number(params.id));
      const holders = users.filter((user) => roleName(user) === role.name).length;
      if (holders > 0) throw new Reply(409, { detail: `Role '${role.name}' is assigned to ${holders} user(s) and cannot be deleted` });
      roles.splice(roles.indexOf(role), 1);
      return [204];
    }],
    ['GET', '/admin/api-keys', () => [200, { items: [...keys].reverse(), total: keys.length }]],
    ['POST', '/admin/api-keys', ({ body }) => {
      const made = { name: body.name, id: randomUUID(), expires_at: body.expires_at ?? null, created_at: now() };
      keys.push({ ...made, key: 'ab12cd...9f00', last_used_at: null, is_active: true, updated_at: now() });
      return [201, { ...made, key: `sb_ak.${randomBytes(60).toString('base64url')}.${randomBytes(32).toString('base64url')}` }];
    }],
    ['DELETE', '/admin/api-keys/:id', ({ params }) => {
      keys.find((key) => key.id === params.id).is_active = false;
      return [204];
    }],
  ];
}
